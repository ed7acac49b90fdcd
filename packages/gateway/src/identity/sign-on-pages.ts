import { type Fault, fault, faultCatalogue } from '@reeve/protocol';

/** Nothing but text: these pages load nothing and run nothing. */
export const pagePolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const html = (head: string, body: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}<title>Reeve</title></head><body>${body}</body></html>`;

/**
 * Goes on to a path of ours. A redirect would do so in the name of the other place, and the browser would keep our
 * strict cookie back; from a page of ours it sends it.
 */
export const onwardPage = (path: string): string =>
  html(
    `<meta http-equiv="refresh" content="0;url=${escaped(path)}">`,
    `<p><a href="${escaped(path)}">Reeve</a></p>`,
  );

/** What went wrong, to somebody who looks at a browser. */
export const failurePage = (found: Fault | null): string => {
  const { message, next, code } = found ?? fault('INTERNAL_ERROR');
  return html(
    '',
    `<h1>${escaped(message)}</h1><p>${escaped(next ?? faultCatalogue[code].next)}</p><p><a href="/login">Reeve</a></p>`,
  );
};
