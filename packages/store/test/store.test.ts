import { join } from 'node:path';
import { storeConformance, type Tamper } from '@reeve/testkit/conformance/store';
import SqliteDatabase from 'better-sqlite3';
import { createHome, openHome } from './homes.ts';

type Row = Record<string, string | number | null>;

/** Changes rows through a connection of its own, as any program on the machine could. */
const tamperWith = (file: string): Tamper => {
  const change = async (
    sql: string,
    table: string,
    where: string,
    values: (string | number)[],
  ): Promise<() => Promise<void>> => {
    const db = new SqliteDatabase(file);
    const row = db.prepare(`SELECT * FROM ${table} WHERE ${where}`).get(...values) as Row;
    db.prepare(sql).run(...values);
    db.close();
    return async () => {
      const again = new SqliteDatabase(file);
      const columns = Object.keys(row);
      again
        .prepare(
          `INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
        )
        .run(row);
      again.close();
    };
  };
  const set = (
    table: string,
    column: string,
    where: string,
    values: (string | number)[],
    value: string | number,
  ) =>
    change(
      `UPDATE ${table} SET ${column} = ${typeof value === 'number' ? value : `'${value.replaceAll("'", "''")}'`} WHERE ${where}`,
      table,
      where,
      values,
    );
  const event = 'session_id = ? AND seq = ?';
  const message = 'session_id = ? AND id = ?';
  return {
    event(sessionId, seq, { at, type, data }) {
      if (at !== undefined) return set('events', 'at', event, [sessionId, seq], at);
      if (type !== undefined) return set('events', 'type', event, [sessionId, seq], type);
      return set('events', 'data_json', event, [sessionId, seq], data!);
    },
    removeEvent: (sessionId, seq) =>
      change(`DELETE FROM events WHERE ${event}`, 'events', event, [sessionId, seq]),
    messageText: (sessionId, messageId, text) =>
      set('messages', 'text', message, [sessionId, messageId], text),
    removeMessage: (sessionId, messageId) =>
      change(`DELETE FROM messages WHERE ${message}`, 'messages', message, [sessionId, messageId]),
  };
};

storeConformance({
  name: 'SQLite',
  createState: async () => createHome(),
  removeState: async ({ remove }) => remove(),
  open: async ({ clock, state }) => {
    const { store, artifacts, close } = openHome(state.home, { clock });
    return { store, artifacts, close, tamper: tamperWith(join(state.home, 'reeve.db')) };
  },
});
