/** Words in a name that make its value a secret, whatever else is in it. */
const anywhere =
  /password|passwd|passwort|kennwort|passphrase|secret|apikey|accesskey|privatekey|signingkey|encryptionkey|credential|connectionstring|authorization|cookie/;
/** Words that do so only at its end: `accessToken` is one, `tokensUsed` is not. */
const atEnd = /(?:token|pwd|jwt|bearer|masterkey|accountkey|licensekey)$/;
/** Names that do so alone. */
const alone = new Set(['auth', 'pass', 'pw', 'pin', 'cvv', 'cvc']);
/** Shells keep the folder in these. */
const folders = new Set(['PWD', 'OLDPWD']);
/** What counts, names, locates or describes secrets and is none. */
const about =
  /(?:count|length|limit|size|total|usage|name|names|id|ids|env|file|path|url|uri|type|policy|hint|field|expires|expiresat|expiry|ttl|at|age|mode|state|status|manager|store|backend|handle|exposed|locked|missing|refused|wrong|revoked|unavailable|only|broken|input|label)$/;

const longestName = 64;
/** Names seen before and what was said of them, by a hash of the name; a newer name takes the place of an older one. */
const places = 4_096;
const seen: string[] = Array.from({ length: places }, () => '');
const answers = new Uint8Array(places);

/** Whether what stands under this name is a secret: `api_key`, `DB_PASSWORD`, `x-auth-token`, `clientSecret` … */
export const isSensitiveName = (name: string): boolean => isSensitiveAt(name, 0, name.length);

/** The same for a part of a text; makes no copy of a name that was seen before. */
export const isSensitiveAt = (text: string, start: number, end: number): boolean => {
  const length = end - start;
  if (length < 2 || length > longestName) return false;
  let hash = length;
  for (let index = start; index < end; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  const place = (hash ^ (hash >>> 12)) & (places - 1);
  const before = seen[place]!;
  if (before.length === length && text.startsWith(before, start)) return answers[place] === 1;
  // A copy: a slice would keep the whole text in memory.
  const name = Buffer.from(text.slice(start, end), 'utf16le').toString('utf16le');
  const isSensitive = judge(name);
  seen[place] = name;
  answers[place] = isSensitive ? 1 : 0;
  return isSensitive;
};

const judge = (name: string): boolean => {
  const folded = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (alone.has(folded)) return true;
  if (about.test(folded) || folders.has(name)) return false;
  return anywhere.test(folded) || atEnd.test(folded) || /(?:^|[_-])(?:KEY|PASS|PW)$/.test(name);
};
