/** Characters of text that are kept, the newest. */
const textLimit = 4_000_000;

/**
 * What models asked directly said last, by the id of the answer and whose it is. In memory alone, for clients that
 * name an answer's items instead of repeating them.
 */
export interface RecentTexts {
  keep(owner: Owner, id: string, text: string): void;
  find(owner: Owner, id: string): string | null;
}

export const createRecentTexts = (): RecentTexts => {
  const texts = new Map<string, string>();
  let characters = 0;
  return {
    keep(owner, id, text) {
      texts.set(`${ownerKey(owner)}\n${id}`, text);
      characters += text.length;
      for (const [oldest, { length }] of texts) {
        if (characters <= textLimit) break;
        texts.delete(oldest);
        characters -= length;
      }
    },
    find: (owner, id) => texts.get(`${ownerKey(owner)}\n${id}`) ?? null,
  };
};

import { type Owner, ownerKey } from '@reeve/core';
