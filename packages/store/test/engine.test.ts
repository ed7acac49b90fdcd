import { join } from 'node:path';
import { engineConformance } from '@reeve/testkit/conformance/engine';
import { copyHome, createHome, openHome } from './homes.ts';

engineConformance({
  name: 'embedded, on SQLite',
  createState: async () => {
    const { home, remove } = createHome();
    return { root: home, life: 0, remove };
  },
  removeState: async ({ remove }) => remove(),
  open: async ({ state, ...options }) => {
    const home = join(state.root, String(state.life));
    const { engine, close } = openHome(home, options);
    return {
      engine,
      close,
      /** The next life starts from the files as they are at this moment; what the dead one still writes, nobody reads. */
      async kill() {
        state.life += 1;
        copyHome(home, join(state.root, String(state.life)));
        await close();
      },
    };
  },
});
