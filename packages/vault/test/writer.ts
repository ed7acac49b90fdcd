import { silentLog } from '@reeve/core';
import { configSchema } from '@reeve/protocol';
import { openSecretStore } from '@reeve/vault';
import { id, secretOf } from './support.ts';

/** Writes one value after the other until it is killed, and says when each is durable. */
const store = await openSecretStore({
  settings: configSchema.parse({}).secrets,
  home: process.argv[2]!,
  env: {},
  clock: { now: Date.now, at: () => () => {} },
  log: silentLog,
});
for (let count = 1; ; count += 1) {
  await store.set(id, secretOf(`value ${count} ${'x'.repeat(50_000)}`));
  process.stdout.write(`${count}\n`);
}
