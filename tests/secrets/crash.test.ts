import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnGateway } from '@reeve/testkit';
import { afterAll, expect, test } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'reeve-secrets-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Ends in four characters that tell which one it is. */
const numbered = (count: number) => `value-of-the-secret-${String(count).padStart(4, '0')}`;

test('F245 a gateway killed while it writes secrets holds the last one that it confirmed, or the one after', async () => {
  let count = 0;
  for (let round = 0; round < 4; round += 1) {
    const gateway = await spawnGateway({ home });
    if (count > 0) {
      const { masked } = await gateway.client.secrets.get({ id: 'busy' });
      const found = Number(masked.slice(1));
      expect([count, count + 1]).toContain(found);
      count = found;
    }
    const writing = (async () => {
      for (;;) {
        await gateway.client.secrets.set({ name: 'busy', value: numbered(count + 1) });
        count += 1;
        if (count % 5 === 0) void gateway.kill();
      }
    })();
    await expect(writing).rejects.toThrow();
    await gateway.exited;
  }
});
