import type { DocsPassage } from '@reeve/core';

/** Passages longer than this are split at paragraphs, so that a quote stays short. In UTF-16 code units. */
const maxPassage = 1500;

/** Splits a Markdown page at its headings. The title is `page › heading`; code blocks stay whole and are not searched for headings. */
export const splitSections = (path: string, markdown: string): DocsPassage[] => {
  const sections: { heading: string; lines: string[] }[] = [{ heading: '', lines: [] }];
  let pageTitle = '';
  let isInCode = false;
  for (const line of markdown.split(/\r?\n/)) {
    if (/^\s*(?:```|~~~)/.test(line)) isInCode = !isInCode;
    const heading = isInCode ? null : /^(#{1,6})\s+(.+?)\s*#*$/.exec(line);
    if (heading === null) {
      sections.at(-1)!.lines.push(line);
    } else if (heading[1] === '#' && pageTitle === '') {
      pageTitle = heading[2]!;
    } else {
      sections.push({ heading: heading[2]!, lines: [] });
    }
  }
  const page = pageTitle === '' ? path.replace(/\.md$/, '') : pageTitle;
  return sections.flatMap(({ heading, lines }) =>
    pieces(lines.join('\n').trim()).map((text) => ({
      title: heading === '' ? page : `${page} › ${heading}`,
      path,
      text,
    })),
  );
};

const pieces = (text: string): string[] => {
  const result: string[] = [];
  for (const paragraph of text.split(/\n{2,}/)) {
    const last = result.at(-1);
    if (last !== undefined && last.length + paragraph.length <= maxPassage)
      result[result.length - 1] = `${last}\n\n${paragraph}`;
    else if (paragraph.trim() !== '') result.push(paragraph);
  }
  return result;
};
