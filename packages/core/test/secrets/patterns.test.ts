import { createRedactor, isSensitiveName } from '@reeve/core';
import { describe, expect, test } from 'vitest';

const { text, deep, document } = createRedactor();

/** Put together here, so that no file of the repository looks as if it held one. */
const join = (...parts: string[]) => parts.join('');
const keys = {
  openai: join('sk', '-proj-', 'aB3dE5fG7hI9jK1lM3nO5pQ7'),
  anthropic: join('sk', '-ant-', 'api03-aB3dE5fG7hI9jK1lM3nO5pQ7'),
  github: join('gh', 'p_', 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5'),
  slack: join('xo', 'xb-', '1234567890-abcdefghij'),
  aws: join('AK', 'IA', 'IOSFODNN7EXAMPLE'),
  google: join('AI', 'za', 'SyA1234567890abcdefghijklmnopqrstuv'),
  jwt: join('ey', 'JhbGciOiJIUzI1NiJ9.', 'eyJzdWIiOiIxMjM0In0.', 'abc_DEF-123'),
  ours: join('rv', '_', 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE'),
};
const pem = (label: string, body = 'MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEAq7BFUpkGp3+LQmlQ') =>
  [`-----BEGIN ${label}-----`, body, body, 'abcd=', `-----END ${label}-----`].join('\n');

/** What must not be seen in what comes out. */
const secret = 'hunter2-Xy7!';

describe('F217 what is a secret by its form', () => {
  test.each(Object.entries(keys))('F217 a key of %s anywhere in a text', (_, key) => {
    for (const around of [
      `${key}`,
      `the key is ${key}.`,
      `(${key})`,
      `"${key}"`,
      `\\n${key}\\n`,
      `a,${key},b`,
    ])
      expect(text(around)).not.toContain(key);
    expect(text(`before ${key} after`)).toBe('before [redacted] after');
  });

  test.each([
    `password=${secret}`,
    `PASSWORD: ${secret}`,
    `"password": "${secret}"`,
    `'passwd' : '${secret}'`,
    `{"user":{"db_password":"${secret}"}}`,
    `{\\"password\\":\\"${secret}\\"}`,
    `{\\\\\\"password\\\\\\":\\\\\\"${secret}\\\\\\"}`,
    `api_key=${secret}`,
    `apiKey: "${secret}"`,
    `x-api-key: ${secret}`,
    `X-Auth-Token: ${secret}`,
    `client_secret = "${secret}"`,
    `export OPENAI_API_KEY=${secret}`,
    `OPENAI_KEY="${secret}"`,
    `DB_PASS=${secret} node server.js`,
    `AWS_SECRET_ACCESS_KEY=${secret}`,
    `https://example.com/cb?code=1&access_token=${secret}&x=2`,
    `env["API_KEY"] = '${secret}'`,
    `password := "${secret}"`,
    `:password => "${secret}"`,
    `Passwort: ${secret}`,
    `Authorization: Bearer ${secret}`,
    `authorization: Basic ${secret}`,
    `{"headers":{"Authorization":"Bearer ${secret}"}}`,
    `Cookie: sid=${secret}; theme=dark`,
    `Set-Cookie: reeve=${secret}; HttpOnly`,
    `postgres://me:${secret}@db.example:5432/x`,
    `https://${secret}@github.com/a/b.git`,
    `redis://:${secret}@cache:6379`,
    `line one\\npassword=${secret}\\nline three`,
    `password="${secret} with spaces, and commas"`,
    `secret: ${secret}`,
    `it says {"password":["${secret}"]} there`,
    `it says {"password":{"value":"${secret}"}} there`,
    `{"credentials": {"user": {"a": ["x", {"b": "${secret}"}]}}, "n": 1}`,
    `{'passwords': null, 'password': ['x', '${secret}']}`,
    `{\\"password\\":{\\"value\\":\\"${secret}\\"}}`,
    `{\\"password\\": [\\n  \\"${secret}\\"\\n]}`,
    `{\n  "password": [\n    "${secret}"\n  ]\n}`,
    `"password": {value: "${secret}"}`,
    `password = ["${secret}"]`,
    `cut off: {"password":["x", "${secret}`,
  ])('F217 %s', (line) => {
    const clean = text(line);
    expect(clean).not.toContain(secret);
    expect(clean).not.toContain('hunter2');
    expect(clean).toContain('[redacted]');
  });

  test('F217 Bearer and its like: the token is not printed, neither once nor twice', () => {
    for (const token of ['abcdef123456', keys.jwt, 'abc.def', 'QWxhZGRpbjpvcGVuIHNlc2FtZQ=='])
      for (const line of [
        `Bearer ${token}`,
        `bearer ${token}`,
        `curl -H "Authorization: Bearer ${token}" https://x`,
      ])
        expect(text(line), line).not.toContain(token);
    expect(text('Bearer abcdef123456')).toBe('Bearer [redacted]');
    expect(text('sent with Basic dXNlcjpwYXNzd29yZA== again')).toBe('sent with Basic [redacted] again');
  });

  test('F217 card numbers that pass Luhn, in every way of writing', () => {
    const join16 = ['4111', '1111', '1111', '1111'];
    for (const separator of ['', ' ', '-'])
      expect(text(`paid with ${join16.join(separator)} 12/30.`)).toBe('paid with [redacted] 12/30.');
    expect(text(`amex ${join('3782', ' 822463', ' 10005')}`)).toBe('amex [redacted]');
    expect(deep({ card: Number(join16.join('')), note: join16.join('') }).note).toBe('[redacted]');
  });

  test('F217 private keys, whole, escaped or cut off', () => {
    for (const label of ['PRIVATE KEY', 'RSA PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'ENCRYPTED PRIVATE KEY']) {
      expect(text(`a\n${pem(label)}\nb`)).toBe('a\n[redacted]\nb');
      expect(text(JSON.stringify({ note: pem(label) }))).toBe('{"note":"[redacted]"}');
      const cut = pem(label).split('\n').slice(0, 3).join('\n');
      expect(text(`${cut}\nnext line of the log`)).toBe('[redacted]\nnext line of the log');
    }
  });

  test('F217 addresses of e-mail only when they are asked for', () => {
    expect(text('write to me.too+x@mail.example.com now')).toBe('write to me.too+x@mail.example.com now');
    expect(text('write to me.too+x@mail.example.com now', { hasEmail: true })).toBe(
      'write to [redacted] now',
    );
    expect(text('a @ b, @home, x@y', { hasEmail: true })).toBe('a @ b, @home, x@y');
  });
});

describe('F217 what is none stays as it is', () => {
  test.each([
    'The token: expired. Ask for another.',
    'tokens: 512, max_tokens=100, "outputTokens":7, tokenCount: 3',
    'secret:openai is not there; write apiKey = "secret:openai"',
    '"apiKey": null, "password": "", "token": false',
    'password: *** (file)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable.
    'token=$TOKEN password=${PASSWORD} secret: <your secret>',
    'Bearer of bad news; a token bucket; basic arithmetic; digest authentication',
    'PWD=/home/me OLDPWD=/tmp',
    'https://example.com:8080/path?x=1#y and http://[::1]:3000/',
    'order 4111111111111112, phone 030 1234 5678 9012, time 1735689600000',
    'id 01HXABCDEFGHJKMNPQRSTVWXYZ, hash 4111111111111111abcdef0123456789abcdef0123456789abcdef0123456789ab',
    '550e8400-e29b-41d4-a716-446655440000',
    pem('CERTIFICATE'),
    '| --- | --- |\n| a | b |',
    'sk-1 sky-high task-force risk-averse',
    '{"name":"openai","secretName":"x","tokenId":"tok_1","keyFile":"/a","password_policy":"strong"}',
    '[secret:openai] and [redacted] and password=[redacted]',
    'Cookie: [redacted]',
    '{"password":[],"auth":{},"token":["[secret:mine]",null,true],"apiKey":{"handle":"secret:openai"}}',
    '"password": [and so on], "secret": {{ env.X }}, secret: [a](b), auth: { x }',
    'C:\\new\\table\\readme.txt',
  ])('F217 %s', (line) => {
    expect(text(line)).toBe(line);
  });

  test('F217 JSON within a text stays JSON, and what stands beside a secret stays', () => {
    const json = `{"password":{"value":"${secret}","pins":[1234,5],"isSet":true},"n":7}`;
    expect(text(`before ${json} after`)).toBe(
      'before {"password":{"value":"[redacted]","pins":["[redacted]","[redacted]"],"isSet":true},"n":7} after',
    );
    expect(text(`{"password":{"${keys.github}":null}}`)).toBe('{"password":{"[redacted]":null}}');
  });

  test('F217 names of secrets are told from names about secrets', () => {
    const yes = [
      'password',
      'apiKey',
      'API_KEY',
      'x-api-key',
      'clientSecret',
      'accessToken',
      'auth',
      'Cookie',
      'DB_PASS',
    ];
    const no = [
      'tokens',
      'maxTokens',
      'tokenCount',
      'apiKeyEnv',
      'keyFile',
      'secretName',
      'passwordPolicy',
      'monkey',
      'PWD',
    ];
    expect(yes.filter((name) => !isSensitiveName(name))).toEqual([]);
    expect(no.filter(isSensitiveName)).toEqual([]);
  });
});

describe('F217 values of any form', () => {
  test('F217 names of fields, fields by their names, lists, JSON within text', () => {
    const value = {
      [keys.openai]: 1,
      password: 12345,
      credentials: { user: 'me', parts: ['a-b-c', 7] },
      list: [{ token: 'x-y-z' }, `api_key=${secret}`],
      nested: JSON.stringify({ inner: JSON.stringify({ api_key: secret }) }),
      ok: { inputTokens: 5, handle: 'secret:openai', apiKey: 'secret:openai' },
    };
    const clean = JSON.stringify(deep(value));
    for (const hidden of [keys.openai, '12345', 'a-b-c', 'x-y-z', secret])
      expect(clean).not.toContain(hidden);
    expect(deep(value).ok).toEqual(value.ok);
  });

  test('F217 what is nested too deeply to be looked through is not shown', () => {
    let value: unknown = secret;
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    const shown = deep(value);
    let level = shown;
    while (Array.isArray(level)) level = level[0];
    expect(level).toBe('[redacted]');
  });

  test('F217 JSON stays JSON, lines of it too, pretty printed or not', () => {
    const value = { card: Number('4111111111111111'), password: 5, text: `token="${secret}"`, n: 1 };
    const one = JSON.stringify(value);
    const pretty = JSON.stringify(value, null, 2);
    for (const written of [one, pretty, `${one}\n${one}\n`, `${one}\n`]) {
      const clean = document(written);
      expect(clean).not.toContain(secret);
      const values = written === pretty ? [clean] : clean.trim().split('\n');
      for (const line of values) expect(JSON.parse(line)).toMatchObject({ password: '[redacted]', n: 1 });
    }
    expect(document(pretty).split('\n').length).toBe(pretty.split('\n').length);
    expect(document('no secret\nhere')).toBe('no secret\nhere');
  });
});

describe('F217 no text makes it slow', () => {
  const million = 1_000_000;
  const fill = (piece: string) => piece.repeat(Math.ceil(million / piece.length));
  // Each would take minutes if anything were looked at again and again.
  test.each([
    'secret:',
    'password=',
    'password="',
    'password: \\',
    '://',
    'a://b:c',
    'a@',
    'Bearer ',
    'eyJaaaaaaaa.',
    join('-----BEGIN ', 'PRIVATE KEY-----'),
    join('-----BEGIN ', 'PRIVATE KEY----- -----END'),
    'Cookie: a [redacted] ',
    'Cookie: x',
    '4111 ',
    '4111-',
    join('sk', '-'),
    '\\',
    '"',
    'token:\\"',
    'authorization: [redacted]',
    '{"a":',
    'key: ',
    '"password":[',
    '"password":["',
    '"password":[x y',
    '{"password":{"a":',
    '"password":[[secret:',
    "'password':['\\\\n",
  ])('F217 a million characters of %s', (piece) => {
    for (const suffix of ['', '"', '@', '\n'])
      expect(text(fill(piece) + suffix, { hasEmail: true }).length).toBeGreaterThan(0);
  });
});
