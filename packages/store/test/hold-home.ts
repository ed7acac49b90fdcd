import { ada } from '@reeve/testkit/conformance/store';
import { openHome } from './homes.ts';

/** Opens the data folder given as argument, says so, and holds it until it is killed. */
const { store } = openHome(process.argv[2]!);
await store.write((tx) =>
  tx.append('ses_1', {
    type: 'session.created',
    data: { owner: ada.userId, channel: 'web', title: 'written before the kill', queueMode: 'queue' },
  }),
);
process.stdout.write('open\n');
setInterval(() => {}, 60_000);
