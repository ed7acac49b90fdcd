import type { Message, Session } from '@reeve/protocol';
import type { Exported } from './export.ts';

/** A page for anyone to read: every text escaped, no script, nothing fetched from anywhere. */
export const exportHtml = ({ filename, content }: Exported): Exported => {
  const { session, messages } = JSON.parse(content) as { session: Session; messages: Message[] };
  return {
    filename: filename.replace(/json$/, 'html'),
    contentType: 'text/html; charset=utf-8',
    content: toHtml(session, messages),
  };
};

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!);

const style = `:root{color-scheme:light dark}body{max-width:46rem;margin:3rem auto;padding:0 1rem;font:16px/1.6 system-ui,sans-serif}
article{margin:1.5rem 0}h2{font-size:.85rem;opacity:.7;margin:0 0 .25rem;font-weight:600}p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
.user p{background:#7f7f7f22;border-radius:.75rem;padding:.6rem .9rem}details{font-size:.85rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}`;

const heading = ({ role, name, provider, model, createdAt }: Message): string => {
  const who =
    role === 'user' || (role === 'command' && name === null)
      ? 'You'
      : role === 'tool'
        ? `Result of ${name}`
        : role === 'assistant' && model !== null
          ? `Reeve (${provider}/${model})`
          : 'Reeve';
  return `${who}, ${new Date(createdAt).toISOString().replace('T', ' ').slice(0, 16)} UTC`;
};

const article = (message: Message): string => {
  const head = escapeHtml(heading(message));
  if (message.role === 'tool')
    return `<article class="tool"><details><summary>${head}</summary><pre>${escapeHtml(message.text)}</pre></details></article>`;
  const calls = message.toolCalls.map(
    ({ name, args }) =>
      `<details><summary>${escapeHtml(name)}</summary><pre>${escapeHtml(JSON.stringify(args, null, 2))}</pre></details>`,
  );
  const text = message.text === '' ? '' : `<p>${escapeHtml(message.text)}</p>`;
  return `<article class="${message.role}"><h2>${head}</h2>${text}${calls.join('')}</article>`;
};

const toHtml = (session: Session, messages: readonly Message[]): string => `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(session.title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapeHtml(session.title)}</h1>
${messages.map(article).join('\n')}
</body>
</html>
`;
