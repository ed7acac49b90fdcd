import type { ImageInput } from '@reeve/protocol';
import { formatBytes } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';

/** What goes with the next message. */
export type Attachment =
  | { id: string; kind: 'image'; name: string; bytes: number; url: string; image: ImageInput }
  | { id: string; kind: 'text'; name: string; bytes: number; text: string };

/** As the contract has it: 10 MiB of a picture, twenty of them. */
export const limits = { imageBytes: 10_485_760, textBytes: 524_288, count: 20 };
const imageTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** What the file dialog offers; whether a file is text is found out by looking. */
export const accepted =
  'image/png,image/jpeg,image/gif,image/webp,text/*,.md,.json,.csv,.log,.yaml,.yml,.toml,.xml,.ts,.js,.py';

export type Read = { ok: true; attachment: Attachment } | { ok: false; reason: string };

/** Makes a file into an attachment, or says in words why it is none. */
export const readAttachment = async (file: File): Promise<Read> => {
  const base = {
    id: `${file.name}-${file.size}-${file.lastModified}`,
    name: file.name || t('picture'),
    bytes: file.size,
  };
  if (imageTypes.has(file.type)) {
    if (file.size > limits.imageBytes)
      return {
        ok: false,
        reason: t('file.tooLarge', { name: base.name, limit: formatBytes(limits.imageBytes) }),
      };
    const url = await dataUrl(file);
    const image = { mediaType: file.type, data: url.slice(url.indexOf(',') + 1) };
    return { ok: true, attachment: { ...base, kind: 'image', url, image } };
  }
  if (file.size > limits.textBytes)
    return {
      ok: false,
      reason: t('file.tooLarge', { name: base.name, limit: formatBytes(limits.textBytes) }),
    };
  const text = await plainText(file);
  if (text === null) return { ok: false, reason: t('file.unknown', { name: base.name }) };
  return { ok: true, attachment: { ...base, kind: 'text', text } };
};

const dataUrl = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

/** Null for what is no UTF-8, or holds characters that no text has. */
const plainText = async (file: File): Promise<string | null> => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
};

/** Text files become a part of what is said, each between fences that its content cannot close. */
export const withTexts = (text: string, attachments: readonly Attachment[]): string => {
  const parts = attachments.flatMap((one) => (one.kind === 'text' ? [fenced(one.name, one.text)] : []));
  return [...(text.trim() === '' ? [] : [text]), ...parts].join('\n\n');
};

const fenced = (name: string, text: string): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${name}:\n${fence}\n${text.replace(/\n$/, '')}\n${fence}`;
};
