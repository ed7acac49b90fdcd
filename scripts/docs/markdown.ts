/** A table; a `|` inside a cell is escaped and a line break becomes a space. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows.map((cells) => cells.map(clean))].map(line).join('\n');

export const code = (text: string): string => `\`${text}\``;

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const clean = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
