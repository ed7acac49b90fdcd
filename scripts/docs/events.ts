import { durableEvents, ephemeralEvents } from '../../packages/protocol/src/index.ts';
import { code } from './markdown.ts';
import { fieldTable, type SchemaSource, schemaOf } from './schema.ts';

const sections = (events: Record<string, SchemaSource>): string =>
  Object.entries(events)
    .map(([type, data]) => `### ${code(type)}\n\n${fieldTable(schemaOf(data))}\n`)
    .join('\n');

/** docs/reference/events.md, from the schemas of the events. */
export const renderEvents = (): string => `# Events

Generated from the schemas of the events. A session's stream (\`GET /api/chat/stream\`) is made of two kinds of items.
Durable events are the journal: each has \`sessionId\`, \`seq\` (counted from 1 without gaps within its session),
\`at\` (Unix milliseconds), \`type\` and \`data\`. Fragments are published live and never stored: they have
\`sessionId\`, \`type\` and \`data\`, and whoever misses them loses nothing but the animation. The tables below show
\`data\`.

## Durable events

${sections(durableEvents)}
## Fragments

${sections(ephemeralEvents)}`;
