import { createServer, type Server } from 'node:net';
import { createFakeClock, reply, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOidcClient } from '../../packages/identity/src/sign-on/oidc-client.ts';
import { as, goodPassword, join, signIn } from '../identity/support.ts';
import { call } from '../support/http.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
/** Something that listens on this machine and is nobody's business. */
let inside: Server;
let visits = 0;
let port: number;
beforeAll(async () => {
  harness = await startHarness();
  inside = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  port = (inside.address() as { port: number }).port;
});
afterAll(async () => {
  inside.close();
  await harness[Symbol.asyncDispose]();
});

const addresses = () => [
  `https://127.0.0.1:${port}/latest/meta-data`,
  `https://localhost:${port}/a.png`,
  `https://[::ffff:127.0.0.1]:${port}/a.png`,
  `https://0x7f000001:${port}/a.png`,
];

test('F243 API7 an address of a picture is passed on and never opened, by no door', async () => {
  for (const url of addresses()) {
    harness.model.enqueue(reply.text('I see.'), reply.text('I see.'));
    await call(harness, 'POST', '/v1/chat/completions', {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look.' },
            { type: 'image_url', image_url: { url } },
          ],
        },
      ],
    });
    await call(harness, 'POST', '/v1/responses', {
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'Look.' },
            { type: 'input_image', image_url: url },
          ],
        },
      ],
    });
  }
  expect(visits).toBe(0);
});

test.each(['http://127.0.0.1:1/a.png', 'file:///etc/passwd', 'gopher://x', 'ftp://x/a.png', '//x/a.png'])(
  'F243 API7 a picture at %s is refused',
  async (url) => {
    const answer = await call(harness, 'POST', '/v1/chat/completions', {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
    });
    expect(answer.status).toBe(400);
  },
);

test('F222 API7 nobody below an admin has Reeve call an address of their choice with a secret', async () => {
  await join(harness, { email: 'bob@example.org' });
  const { tokens } = (await signIn(harness, 'bob@example.org', goodPassword, true)).json;
  const bob = { bearer: tokens.accessToken };
  const verify = { kind: 'http', url: `http://127.0.0.1:${port}/` };
  const policy = { verify };
  const before = visits;
  for (const mine of [true, false]) {
    await as(harness, bob, 'POST', '/api/secrets', { name: 'a-key', value: 'some-value-0123', mine, policy });
    await as(harness, bob, 'PUT', '/api/secrets/a-key/policy', { mine, policy });
    await as(harness, bob, 'POST', '/api/secrets/a-key/policy', { mine, policy });
    await as(harness, bob, 'POST', '/api/secrets/a-key/rotate', { mine, value: 'next-value-0123' });
  }
  expect(visits).toBe(before);
});

test('F241 API7 a provider elsewhere cannot send us to what listens on this machine, nor along a redirect', async () => {
  const asked: string[] = [];
  const issuer = 'https://id.example';
  const good = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
  };
  const authorize = (said: object) => {
    const client = createOidcClient({
      clock: createFakeClock(),
      fetch: async (input, init) => {
        asked.push(String(input));
        expect(init?.redirect).toBe('error');
        return Response.json(said);
      },
    });
    return client.authorize({ issuer, clientId: 'reeve', scopes: [] } as never, {
      state: 's',
      nonce: 'n',
      verifier: 'v',
      redirectUri: 'https://reeve.example/callback',
    });
  };
  expect(await authorize(good)).toMatch(/^https:\/\/id\.example\/auth\?/);
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'])
    for (const url of ['http://127.0.0.1:8080/', 'http://localhost/', 'http://[::1]/', 'file:///etc/passwd'])
      await expect(authorize({ ...good, [name]: url })).rejects.toMatchObject({
        fault: { code: 'SIGN_ON_FAILED' },
      });
  expect(new Set(asked)).toEqual(new Set([`${issuer}/.well-known/openid-configuration`]));
});
