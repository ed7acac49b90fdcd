import { buildOpenApi } from '../../packages/gateway/src/index.ts';
import { code } from './markdown.ts';
import { fieldTable, type Schema } from './schema.ts';

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

interface Body {
  content: Record<string, { schema: Schema }>;
}

interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, Body>;
}

/** docs/reference/api.md, from the same OpenAPI document that a running Reeve serves. */
export const renderApi = async (): Promise<string> => {
  const { paths } = (await buildOpenApi()) as { paths: Record<string, Record<string, Operation>> };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      ...operation,
    })),
  );
  const groups = Map.groupBy(operations, ({ tags }) => tags[0]!);
  const sections = [...groups].map(
    ([tag, group]) =>
      `## ${tag}\n\n${group.map((one) => `### ${code(`${one.method} ${one.path}`)}\n\n${one.summary}.\n\n${requestOf(one)}${responsesOf(one)}`).join('\n')}`,
  );
  return [intro, ...sections, openAi].join('\n');
};

const requestOf = ({ parameters = [], requestBody }: Operation): string => {
  const inAddress = { path: 'In the path:', query: 'In the query:' };
  const parts = Object.entries(inAddress).flatMap(([place, title]) => {
    const some = parameters.filter((parameter) => parameter.in === place);
    return some.length === 0 ? [] : [`${title}\n\n${fieldTable(asObject(some))}\n`];
  });
  const body = requestBody?.content['application/json']?.schema;
  return [...parts, ...(body ? [`In the body (JSON):\n\n${fieldTable(body)}\n`] : [])]
    .map((part) => `${part}\n`)
    .join('');
};

const asObject = (parameters: Parameter[]): Schema => ({
  properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
  required: parameters.filter(({ required }) => required).map(({ name }) => name),
});

const responsesOf = ({ responses }: Operation): string =>
  Object.entries(responses)
    .map(([status, { content }]) => {
      const json = content?.['application/json']?.schema;
      if (json) return `Answer ${status} (JSON):\n\n${fieldTable(json)}\n`;
      const stream = content?.['text/event-stream']?.schema;
      return stream
        ? `Answer ${status}, a stream of server-sent events:\n\n${streamOf(stream)}\n`
        : `Answer ${status}.\n`;
    })
    .join('\n');

/** An event of a stream has a name and data; a union of data is the journal's, which has a page of its own. */
const streamOf = (schema: Schema): string =>
  (schema.oneOf ?? [])
    .flatMap(({ properties }) => {
      const name = String(properties?.['event']?.const);
      const data = properties?.['data'];
      if (!data || name === 'error' || (name === 'done' && !data.properties)) return [];
      if (data.anyOf || data.oneOf)
        return [`- ${code(name)}: an item of the session's stream, see [events](events.md)`];
      return [
        `- ${code(name)} with ${Object.keys(data.properties ?? {})
          .map(code)
          .join(', ')}`,
      ];
    })
    .join('\n');

const intro = `# API

Generated from the contract of the API; a running Reeve serves the same as an OpenAPI 3.1 document at
\`/api/openapi.json\` and as a page to read and try at \`/api/docs\`. Send \`Authorization: Bearer TOKEN\` with every
request (\`reeve token create --name NAME\` prints a token); only \`/health\`, \`/ready\` and the login answer without.
Errors are described in [errors](errors.md), streams in [events](events.md).
`;

const openAi = `## OpenAI surface

### \`POST /v1/chat/completions\`

Chat completions as OpenAI's clients send them: \`model\`, \`messages\` (text), \`stream\`,
\`stream_options.include_usage\`, \`temperature\`, \`top_p\`, \`max_tokens\`, \`max_completion_tokens\`, \`user\`. A field
that would change the answer and is not supported, such as \`tools\`, is refused. The headers \`x-reeve-session\` and
\`idempotency-key\` are optional; answers carry \`x-reeve-session\` and \`x-reeve-run\`.

### \`GET /v1/models\`

The models on offer; \`reeve\` stands for the default. \`GET /v1/models/{id}\` shows one.
`;
