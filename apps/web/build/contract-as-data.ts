import { minifyContractRouter } from '@orpc/contract';
import { contract } from '@reeve/protocol';
import type { Plugin } from 'vite';

const inertSchema = '\0inert-schema';

/** What a route is called is for its readers; an answer's usual status the client does not ask for. */
const withoutWords = (key: string, value: unknown): unknown =>
  key === 'summary' || key === 'description' || key === 'tags' || key === 'successStatus' ? undefined : value;

/** A route as text where that is all there is to it: `r("GET /health")`. */
const asCode = (value: unknown, key?: string): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(withoutWords(key ?? '', value));
  if ('~orpc' in value) {
    const own = JSON.parse(JSON.stringify(value['~orpc'], withoutWords)) as { route: Record<string, string> };
    const { method, path, ...more } = own.route;
    return `r(${JSON.stringify(`${method} ${path}`)}${Object.keys(more).length === 0 ? '' : `,${JSON.stringify(more)}`})`;
  }
  return `{${Object.entries(value)
    .map(([name, one]) => `${name}:${asCode(one, name)}`)
    .join(',')}}`;
};

const routeOf =
  'const r = (text, more) => { const [method, path] = text.split(" "); return { "~orpc": { errorMap: {}, meta: {}, route: { method, path, ...more } } }; };';

/**
 * The client needs methods and paths of the contract, and none of its schemas: the gateway validates. So the page
 * gets the contract as plain data, and a schema library that builds nothing: 30 KB gzip less.
 */
export const contractAsData = (): Plugin => ({
  name: 'reeve:contract-as-data',
  enforce: 'pre',
  apply: 'build',
  resolveId: (source) => (source === 'zod' ? inertSchema : undefined),
  load(id) {
    if (id === inertSchema)
      return 'const inert = new Proxy(function () {}, { get: (_, key) => key === Symbol.toPrimitive ? () => "" : inert, apply: () => inert });\nexport const z = inert;';
    if (/packages[\\/]protocol[\\/]src[\\/]contract[\\/]index\.ts$/.test(id))
      return `${routeOf}\nexport const contract = ${asCode(minifyContractRouter(contract))};`;
    return undefined;
  },
});
