import type { CompiledQuery } from 'kysely';
import { connectionOf, type Db } from './handle.ts';

/** Stands for a parameter while a query is compiled. */
class Marker {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A query that Kysely builds and compiles once instead of at each call: for what every turn runs, building costs
 * more than SQLite itself. `build` gets `params` whose properties are stand-ins; it may only pass them on as values.
 */
export const prepared = <P extends object, R = unknown>(
  build: (db: Db, params: P) => { compile(): CompiledQuery<R> },
): ((db: Db, params: P) => Promise<R[]>) => {
  let plan: { query: CompiledQuery<R>; order: readonly unknown[] } | undefined;
  return async (db, params) => {
    if (!plan) {
      const stand = new Proxy({} as P, { get: (_target, name) => new Marker(String(name)) });
      const query = build(db, stand).compile();
      plan = { query, order: query.parameters };
    }
    const parameters = plan.order.map((value) =>
      value instanceof Marker ? params[value.name as keyof P] : value,
    );
    return (await connectionOf(db).executeQuery<R>({ ...plan.query, parameters })).rows;
  };
};
