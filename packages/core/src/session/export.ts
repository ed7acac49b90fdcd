import type { Message, Session } from '@reeve/protocol';
import type { Store } from '../ports/store.ts';

export type ExportFormat = 'json' | 'markdown' | 'jsonl';

export interface Exported {
  filename: string;
  contentType: string;
  content: string;
}

const pageSize = 1_000;

async function* pages<T extends { seq: number }>(read: (after: number) => Promise<T[]>): AsyncGenerator<T> {
  for (let after = 0; ; ) {
    const page = await read(after);
    yield* page;
    if (page.length < pageSize) return;
    after = page.at(-1)!.seq;
  }
}

const collect = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
};

export const exportSession = async (
  store: Store,
  session: Session,
  format: ExportFormat,
): Promise<Exported> => {
  const slug = session.title
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 40);
  const base = slug === '' ? session.id : slug;
  if (format === 'jsonl') {
    const events = await collect(pages((after) => store.events(session.id, after, pageSize)));
    return {
      filename: `${base}.jsonl`,
      contentType: 'application/x-ndjson',
      content: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    };
  }
  const messages = await collect(pages((after) => store.messages(session.id, { after, limit: pageSize })));
  if (format === 'json') {
    return {
      filename: `${base}.json`,
      contentType: 'application/json',
      content: JSON.stringify({ session, messages }, null, 2),
    };
  }
  return { filename: `${base}.md`, contentType: 'text/markdown', content: toMarkdown(session, messages) };
};

const heading = (message: Message): string => {
  const at = new Date(message.createdAt).toISOString().replace('T', ' ').slice(0, 16);
  if (message.role === 'user') return `## You, ${at} UTC`;
  if (message.role === 'assistant') return `## Reeve (${message.provider}/${message.model}), ${at} UTC`;
  if (message.role === 'tool') return `### Result of ${message.name}, ${at} UTC`;
  if (message.role === 'command')
    return message.name === null ? `## You, ${at} UTC` : `## /${message.name}, ${at} UTC`;
  return `## Reeve, unasked, ${at} UTC`;
};

const lineEnds = /\r\n|[\n\r\u0085\u2028\u2029]/;

/** Text that stays text wherever the document is rendered: no markup, no address that runs something. */
const inert = (text: string) =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/\b(javascript|vbscript)\s*:/gi, '$1%3A');

/** Quoted so that no text of a message can pass for a heading of the document. */
const quote = (text: string) =>
  inert(text)
    .split(lineEnds)
    .map((line) => `> ${line}`)
    .join('\n');

const toMarkdown = (session: Session, messages: Message[]): string =>
  `${[
    `# ${inert(session.title.split(lineEnds).join(' '))}`,
    ...messages.map((message) =>
      [
        heading(message),
        ...(message.text === '' ? [] : [quote(message.text)]),
        ...message.toolCalls.map(
          (call) => `Called \`${call.name}\`:\n\n\`\`\`json\n${JSON.stringify(call.args, null, 2)}\n\`\`\``,
        ),
      ].join('\n\n'),
    ),
  ].join('\n\n')}\n`;
