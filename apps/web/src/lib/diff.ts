export interface DiffLine {
  kind: 'added' | 'removed' | 'same' | 'head';
  text: string;
}

/** A unified diff in its lines. */
export const parseUnified = (diff: string): DiffLine[] =>
  diff
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      if (/^(@@|--- |\+\+\+ |diff |index )/.test(line)) return { kind: 'head', text: line };
      if (line.startsWith('+')) return { kind: 'added', text: line.slice(1) };
      if (line.startsWith('-')) return { kind: 'removed', text: line.slice(1) };
      return { kind: 'same', text: line.replace(/^ /, '') };
    });

/** Lines beyond which two texts are not compared but shown one after the other. */
const compared = 2_000;

/** What makes one text into another, line by line: the longest common lines stay. */
export const diffTexts = (before: string, after: string): DiffLine[] => {
  const a = before === '' ? [] : before.split('\n');
  const b = after === '' ? [] : after.split('\n');
  if (a.length > compared || b.length > compared)
    return [
      ...a.map((text) => ({ kind: 'removed', text }) as const),
      ...b.map((text) => ({ kind: 'added', text }) as const),
    ];
  // Length of the longest common part of what stands behind each pair of lines.
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j]!;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i]! });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1)))
      lines.push({ kind: 'removed', text: a[i++]! });
    else lines.push({ kind: 'added', text: b[j++]! });
  }
  return lines;
};
