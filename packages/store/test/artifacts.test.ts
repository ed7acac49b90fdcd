import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OpenedStore } from '../src/index.ts';
import { createHome, openHome } from './homes.ts';

const text = '👋👋a👋bc👋';

let opened: OpenedStore;
let remove: () => void;
beforeEach(async () => {
  const created = createHome();
  ({ remove } = created);
  opened = openHome(created.home);
  await opened.store.write((tx) =>
    tx.saveArtifact({ id: 'art_1', sessionId: 'ses_1', name: 'output', text }),
  );
});
afterEach(async () => {
  await opened.close();
  remove();
});

test('a part never splits a character, whatever offset and limit are', async () => {
  for (let offset = 0; offset <= text.length + 1; offset += 1) {
    for (let limit = 0; limit <= text.length + 1; limit += 1) {
      const part = (await opened.artifacts.read('ses_1', 'art_1', offset, limit))!;
      expect(part.text.isWellFormed(), `${offset} ${limit}`).toBe(true);
      expect(part.text.length).toBeLessThanOrEqual(limit);
      expect(text).toContain(part.text);
    }
  }
});

test('parts read one after the other are the whole', async () => {
  for (const limit of [2, 3, 5, 100]) {
    let whole = '';
    while (whole.length < text.length)
      whole += (await opened.artifacts.read('ses_1', 'art_1', whole.length, limit))!.text;
    expect(whole).toBe(text);
  }
});
