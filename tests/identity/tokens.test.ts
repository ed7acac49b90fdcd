import { createPublicKey, generateKeyPairSync, sign as signBytes, verify } from 'node:crypto';
import { createFakeClock, startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { as, goodPassword, join, local, type Member, signIn } from './support.ts';

const clock = createFakeClock();
let harness: Awaited<ReturnType<typeof startHarness>>;
let anna: Member;
beforeAll(async () => {
  harness = await startHarness({ model: null, clock });
  anna = await join(harness, { email: 'anna@example.org' });
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(() => clock.advance(61_000));

interface Tokens {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
}
const enter = async (): Promise<Tokens> =>
  (await signIn(harness, anna.email, goodPassword, true)).json.tokens;
const refresh = (refreshToken: string) => as(harness, null, 'POST', '/api/auth/refresh', { refreshToken });
const isGood = async (token: string) =>
  (await as(harness, { bearer: token }, 'GET', '/api/account')).status === 200;
const part = (token: string, index: number) =>
  JSON.parse(Buffer.from(token.split('.')[index]!, 'base64url').toString()) as Record<string, unknown>;

test('F022 F233 a sign-in as tokens gives an access token for half an hour, and sets no cookie', async () => {
  const answer = await signIn(harness, anna.email, goodPassword, true);
  expect(answer.headers['set-cookie']).toBeUndefined();
  const { accessToken, expiresIn } = answer.json.tokens as Tokens;
  expect(expiresIn).toBe(1800);
  expect(await isGood(accessToken)).toBe(true);
  expect(part(accessToken, 1)).toMatchObject({ sub: anna.id, tid: 'home', role: 'user' });
  await clock.advance(1_799_000);
  expect(await isGood(accessToken)).toBe(true);
  await clock.advance(1_000);
  expect(await isGood(accessToken)).toBe(false);
});

test('F233 the published key checks the signature, and no private part is published', async () => {
  const { accessToken } = await enter();
  const { keys } = (await as(harness, null, 'GET', '/.well-known/jwks.json')).json;
  const jwk = keys.find((key: { kid: string }) => key.kid === part(accessToken, 0)['kid']);
  expect(jwk).toMatchObject({ kty: 'OKP', crv: 'Ed25519' });
  expect(JSON.stringify(keys)).not.toContain('"d"');
  const [head, body, signature] = accessToken.split('.');
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const isRight = verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature!, 'base64url'));
  expect(isRight).toBe(true);
});

test('F233 a token that says more than we signed, or that we did not sign, is refused', async () => {
  const { accessToken } = await enter();
  const [head, body, signature] = accessToken.split('.') as [string, string, string];
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const owner = encode({ ...part(accessToken, 1), sub: 'owner', role: 'admin' });
  const none = encode({ ...part(accessToken, 0), alg: 'none' });
  const { privateKey } = generateKeyPairSync('ed25519');
  const foreign = signBytes(null, Buffer.from(`${head}.${body}`), privateKey).toString('base64url');
  for (const token of [
    `${head}.${owner}.${signature}`,
    `${none}.${owner}.`,
    `${none}.${body}.${signature}`,
    `${head}.${body}.${foreign}`,
  ])
    expect(await isGood(token)).toBe(false);
});

test('F022 F233 a refresh token is good once and gives the next; used again it ends the whole family', async () => {
  const first = await enter();
  const second = (await refresh(first.refreshToken)).json as Tokens;
  expect(await isGood(second.accessToken)).toBe(true);
  const third = (await refresh(second.refreshToken)).json as Tokens;
  const stolen = await refresh(first.refreshToken);
  expect([stolen.status, stolen.json.code]).toEqual([401, 'AUTH_FAILED']);
  expect((await refresh(third.refreshToken)).status).toBe(401);
  for (const { accessToken } of [first, second, third]) expect(await isGood(accessToken)).toBe(false);
});

test('F233 a refresh token that was never given out ends nothing, though it names the session', async () => {
  const { accessToken, refreshToken } = await enter();
  const sid = part(accessToken, 1)['sid'];
  const [, word] = refreshToken.split('.') as [string, string];
  const changed = word.slice(0, -2) + (word.endsWith('AA') ? 'BA' : 'AA');
  for (const forged of [`rvr_${sid}.${'A'.repeat(43)}`, `rvr_${sid}.${changed}`])
    expect((await refresh(forged)).json.code).toBe('AUTH_FAILED');
  expect(await isGood(accessToken)).toBe(true);
  expect((await refresh(refreshToken)).status).toBe(200);
});

test('F233 of two that come with one refresh token at once, at most one gets tokens', async () => {
  const { refreshToken } = await enter();
  const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
  expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
});

test('F233 a refresh token ends after seven days without use', async () => {
  const { refreshToken } = await enter();
  await clock.advance(6 * 86_400_000);
  const next = (await refresh(refreshToken)).json as Tokens;
  await clock.advance(7 * 86_400_000);
  expect((await refresh(next.refreshToken)).status).toBe(401);
});

test('F233 keys change every thirty days, and what the old one signed lives out its time', async () => {
  const before = await enter();
  await clock.advance(6 * 86_400_000);
  const kept = (await refresh(before.refreshToken)).json as Tokens;
  const oldKey = part(kept.accessToken, 0)['kid'];
  await clock.advance(30 * 86_400_000);
  const after = await enter();
  expect(part(after.accessToken, 0)['kid']).not.toBe(oldKey);
  expect(await isGood(after.accessToken)).toBe(true);
  await clock.advance(2 * 86_400_000);
  const { keys } = (await as(harness, null, 'GET', '/.well-known/jwks.json')).json;
  expect(keys.map(({ kid }: { kid: string }) => kid)).not.toContain(oldKey);
});

test('F022 F233 logout ends the family, and so does an admin who signs somebody out', async () => {
  const one = await enter();
  expect((await as(harness, { bearer: one.accessToken }, 'POST', '/api/auth/logout')).status).toBe(200);
  expect([await isGood(one.accessToken), (await refresh(one.refreshToken)).status]).toEqual([false, 401]);
  const two = await enter();
  await as(harness, local(harness), 'POST', `/api/people/${anna.id}/sign-out`);
  expect([await isGood(two.accessToken), (await refresh(two.refreshToken)).status]).toEqual([false, 401]);
});

test.each(['', 'rvr_', 'rvr_sgn_x.y', `rvr_sgn_nobody.${'A'.repeat(43)}`, "rvr_' OR 1=1 --"])(
  'F233 what is no refresh token is refused: %s',
  async (token) => {
    expect([400, 401]).toContain((await refresh(token)).status);
  },
);
