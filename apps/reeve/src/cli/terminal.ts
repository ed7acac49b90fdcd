import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** Where a command speaks. Whatever goes through it has its control characters escaped. */
export interface Terminal {
  readonly isTty: boolean;
  /** Text as it is, control characters shown as escapes. */
  write(text: string): void;
  line(text?: string): void;
  /** Colours text for `write`s sake only when the output shows colours; the text itself is escaped. */
  style(style: Style, text: string): Styled;
  /** One JSON document on one line. */
  json(value: unknown): void;
  writeStyled(...parts: (string | Styled)[]): void;
}

/** Text whose escape sequences are ours. */
export interface Styled {
  readonly styled: string;
}

/** Everything that could move the cursor, recolour, retitle or reverse a terminal; line feed and tab stay. */
const dangerous = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

const escapeOf = (character: string): string =>
  `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`;

/** Text from a model, a tool, a title or a file, made safe to show. */
export const safeText = (text: string): string => text.replace(/\r\n/g, '\n').replace(dangerous, escapeOf);

/** The same on one line, cut to `length` characters. */
export const safeLine = (text: string, length = 80): string => {
  const flat = safeText(text.replace(/\s+/g, ' ').trim());
  const characters = [...flat];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : flat;
};

export const createTerminal = (output: Output, env: Record<string, string | undefined> = {}): Terminal => {
  const isTty = output.isTTY === true;
  const hasColour = isTty && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const writeStyled = (...parts: (string | Styled)[]) => {
    output.write(parts.map((part) => (typeof part === 'string' ? safeText(part) : part.styled)).join(''));
  };
  return {
    isTty,
    write: (text) => writeStyled(text),
    line: (text = '') => writeStyled(text, '\n'),
    style: (style, text) => ({
      styled: hasColour ? styleText(style, safeText(text), { validateStream: false }) : safeText(text),
    }),
    // JSON leaves C1 controls and direction marks as they are; as escapes they mean the same.
    json: (value) => output.write(`${JSON.stringify(value).replace(dangerous, escapeOf)}\n`),
    writeStyled,
  };
};

/** Columns as wide as their widest cell. */
export const table = (head: string[], rows: string[][]): string => {
  const cells = [head, ...rows].map((row) => row.map((cell) => safeLine(cell, 100)));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

export const plural = (count: number, noun: string): string =>
  `${count} ${count === 1 ? noun : `${noun.replace(/y$/, 'ie')}s`}`;

/** A time as people read it, in the zone of this machine. */
export const showTime = (at: number): string =>
  new Date(at).toLocaleString('sv-SE', { dateStyle: 'short', timeStyle: 'short' });

export const showBytes = (bytes: number): string => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log2(bytes) / 10) : 0);
  return `${(bytes / 1024 ** power).toFixed(power > 0 ? 1 : 0)} ${units[power]}`;
};

export const showDuration = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0 s';
  return parts
    .slice(first, first + 2)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
};
