import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as protocol from '@openclaw/gateway-protocol';
import * as schemas from '@openclaw/gateway-protocol/schema';

type Compiled = { Check(value: unknown): boolean; Errors(value: unknown): unknown };
type Compile = (schema: unknown) => Compiled;

// The package validates requests only; its schemas of everything else are compiled with the library it brings along.
const location = createRequire(fileURLToPath(import.meta.resolve('@openclaw/gateway-protocol'))).resolve(
  'typebox/schema',
);
const { Compile: compile } = (await import(pathToFileURL(location).href)) as { Compile: Compile };

const compiled = new Map<string, Compiled>();
const schemaOf = (name: string): Compiled => {
  const known = compiled.get(name);
  if (known) return known;
  const schema = ({ ...protocol, ...schemas } as Record<string, unknown>)[`${name}Schema`];
  if (!schema) throw new Error(`the package has no schema ${name}`);
  const made = compile(schema);
  compiled.set(name, made);
  return made;
};

/** What is wrong with a value by a schema of `@openclaw/gateway-protocol`; null when nothing is. */
export const complaint = (name: string, value: unknown): string | null => {
  const schema = schemaOf(name);
  return schema.Check(value) ? null : `${name}: ${JSON.stringify(schema.Errors(value)).slice(0, 500)}`;
};

/** Results that the package has a schema for, by the method that gives them. */
export const resultSchemas: Record<string, string> = {
  'agents.list': 'AgentsListResult',
  'models.list': 'ModelsListResult',
  'tools.catalog': 'ToolsCatalogResult',
  'commands.list': 'CommandsListResult',
  'logs.tail': 'LogsTailResult',
  'channels.status': 'ChannelsStatusResult',
  'question.list': 'QuestionListResult',
  'config.schema': 'ConfigSchemaResponse',
};

// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at, not typed.
type Frame = any;

/** Everything that is wrong with a frame that the gateway sent. */
export const complaintsOf = (
  frame: Frame,
  method?: string,
  { isOlder = false, protocol = 4 }: { isOlder?: boolean; protocol?: number } = {},
): string[] => {
  const found: (string | null)[] = [complaint('GatewayFrame', frame)];
  // Protocol 3 has no `deltaText`; the package only describes 4.
  if (frame.event === 'chat')
    found.push(
      complaint(
        'ChatEvent',
        protocol === 3 && frame.payload.state === 'delta'
          ? { deltaText: '', ...frame.payload }
          : frame.payload,
      ),
    );
  if (frame.event === 'tick') found.push(complaint('TickEvent', frame.payload));
  if (frame.event === 'agent') {
    // The real gateway adds these three to every agent event, beyond its own schema.
    const { sessionKey: _key, sessionId: _id, agentId: _agent, ...payload } = frame.payload;
    found.push(complaint('AgentEvent', payload));
  }
  if (frame.payload?.type === 'hello-ok' && !isOlder) found.push(complaint('HelloOk', frame.payload));
  const schema = method === undefined ? undefined : resultSchemas[method];
  if (schema && frame.ok) found.push(complaint(schema, frame.payload));
  return found.filter((one) => one !== null);
};
