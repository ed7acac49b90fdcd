import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GatewayProcess, type GatewayProcessOptions, spawnGateway } from '@reeve/testkit';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The gateway as `npm start` runs it: bundled. */
export const startGateway = async (options: GatewayProcessOptions): Promise<GatewayProcess> => {
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const { buildFolder, nodeFlags } = await import('../scripts/build.mjs');
  return spawnGateway({ main: join(buildFolder(root), 'main.mjs'), nodeFlags, ...options });
};
