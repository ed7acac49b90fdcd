/** A path of ours that a browser may be sent to; `/` for anything that could lead elsewhere. */
export const returnPath = (given: string): string => {
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(given)) return '/';
  const base = 'http://reeve.invalid';
  const url = URL.parse(given, base);
  return url?.origin === base ? url.pathname.replace(/^\/{2,}/, '/') + url.search + url.hash : '/';
};
