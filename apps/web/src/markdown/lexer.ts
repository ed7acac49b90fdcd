import { Marked, type Token, type TokenizerExtension } from 'marked';

/** `$…$` and `\(…\)` in a line; amounts of money such as $5 and $10 are none: a formula hugs its dollars. */
const inlineMath: TokenizerExtension = {
  name: 'math',
  level: 'inline',
  start: (text) => text.search(/\$|\\\(/),
  tokenizer(text) {
    const match =
      /^\$\$([^$]+)\$\$/.exec(text) ??
      /^\$(?![\s$])((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d)/.exec(text) ??
      /^\\\(([\s\S]+?)\\\)/.exec(text);
    return match ? { type: 'math', raw: match[0], text: match[1]!.trim() } : undefined;
  },
};

/** `$$…$$` and `\[…\]` in paragraphs of their own. */
const blockMath: TokenizerExtension = {
  name: 'mathBlock',
  level: 'block',
  start: (text) => text.search(/(?:^|\n) {0,3}(?:\$\$|\\\[)/),
  tokenizer(text) {
    const match =
      /^ {0,3}\$\$([\s\S]+?)\$\$[ \t]*(?:\n|$)/.exec(text) ??
      /^ {0,3}\\\[([\s\S]+?)\\\][ \t]*(?:\n|$)/.exec(text);
    return match ? { type: 'mathBlock', raw: match[0], text: match[1]!.trim() } : undefined;
  },
};

const marked = new Marked({ gfm: true });
marked.use({ extensions: [inlineMath, blockMath] });

/** Only the structure: no HTML is ever made of it. */
export const lex = (text: string): Token[] => marked.lexer(text);

const schemes = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** An address that is safe to follow, or null. What the page resolves to itself is no address of a message. */
export const safeUrl = (href: string): string | null => {
  try {
    const url = new URL(href);
    return schemes.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
};

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** Marked leaves entities in texts as they were written. */
export const decodeEntities = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
