import type { Artifacts } from '@reeve/core';
import type { SqliteHandle } from './sqlite/handle.ts';

/** Whether a cut at `index` would split a surrogate pair. */
const isInsidePair = (text: string, index: number) => {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff;
};

export const createArtifacts = (reader: SqliteHandle): Artifacts => ({
  async read(sessionId, id, offset, limit) {
    const row = await reader.db
      .selectFrom('artifacts')
      .selectAll()
      .where('id', '=', id)
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
    if (!row) return null;
    const start = isInsidePair(row.text, offset) ? offset - 1 : offset;
    const end = isInsidePair(row.text, start + limit) ? start + limit - 1 : start + limit;
    return {
      artifact: { id, sessionId, name: row.name, length: row.text.length },
      text: row.text.slice(start, end),
    };
  },
});
