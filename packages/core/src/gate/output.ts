/** Longest tool result that enters a transcript, in UTF-16 code units (F047). */
export const outputLimit = 30_000;

const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff;

/** Whether a cut before `index` would split a character. */
const splitsPair = (text: string, index: number) =>
  index > 0 && index < text.length && isLowSurrogate(text.charCodeAt(index));

/**
 * Cuts the middle out of a text that is too long: two thirds of what is kept come from the start, one from the
 * end, since errors and totals stand last. Never splits a character; the result is at most `limit` long.
 */
export const cutMiddle = (text: string, note: (omitted: number) => string, limit = outputLimit): string => {
  if (text.length <= limit) return text;
  const room = limit - note(text.length).length;
  let head = Math.ceil((room * 2) / 3);
  let tail = text.length - (room - head);
  if (splitsPair(text, head)) head -= 1;
  if (splitsPair(text, tail)) tail += 1;
  return text.slice(0, head) + note(tail - head) + text.slice(tail);
};
