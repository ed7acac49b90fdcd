/** Anything shorter would be found in ordinary words, and is not looked for. */
export const shortestForm = 8;

/**
 * The texts in which a value may turn up again: as it is, escaped for JSON (once and twice), for a URL, in hex, and
 * in base64, on its own or inside something longer. Each at least {@link shortestForm} long.
 */
export const formsOf = (value: string): string[] => {
  if (value.length < shortestForm) return [];
  const inJson = escapeJson(value);
  const inUrl = encodeURIComponent(value.toWellFormed());
  const hex = Buffer.from(value).toString('hex');
  const forms = [
    value,
    inJson,
    escapeJson(inJson),
    inUrl,
    inUrl.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    inUrl.replaceAll('%20', '+'),
    hex,
    hex.toUpperCase(),
    ...base64Forms(value),
  ];
  return [...new Set(forms)].filter((form) => form.length >= shortestForm);
};

const escapeJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Characters at the beginning that depend on the 0, 1 or 2 bytes before the value. */
const mixedAtStart = [0, 2, 3];

/**
 * Base64 groups bytes by three, so what a value looks like depends on how many bytes stand before it. Characters
 * that it shares with its neighbours are left out.
 */
const base64Forms = (value: string): string[] => {
  const bytes = Buffer.from(value);
  const forms = [0, 1, 2].map((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const text = padded.toString('base64').replace(/=+$/, '');
    const end = padded.length % 3 === 0 ? text.length : text.length - 1;
    return text.slice(mixedAtStart[before], end);
  });
  const whole = bytes.toString('base64');
  return [...forms, whole].flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
};
