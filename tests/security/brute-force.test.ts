import { createFakeClock, startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { normalise } from '../../packages/gateway/src/identity/address.ts';
import { ask, json } from '../support/http.ts';
import { guess } from './support.ts';

test('F242 ten wrong tokens in a minute shut an address out for five minutes, loopback too', async () => {
  const clock = createFakeClock();
  await using gateway = await startHarness({ clock });
  for (let n = 0; n < 10; n += 1) expect(await guess(gateway, `wrong-${n}`)).toBe('AUTH_TOKEN_MISMATCH');
  expect(await guess(gateway, 'wrong-11')).toBe('AUTH_RATE_LIMITED');
  expect(await guess(gateway, gateway.token)).toBe('AUTH_RATE_LIMITED');
  await clock.advance(5 * 60_000 - 1);
  expect(await guess(gateway, gateway.token)).toBe('AUTH_RATE_LIMITED');
  await clock.advance(1);
  expect(await guess(gateway, gateway.token)).toBe('ok');
});

test('F242 a few wrong tokens over a long time shut nobody out', async () => {
  const clock = createFakeClock();
  await using gateway = await startHarness({ clock });
  for (let n = 0; n < 12; n += 1) {
    await guess(gateway, `wrong-${n}`);
    await clock.advance(10_000);
  }
  expect(await guess(gateway, gateway.token)).toBe('ok');
});

test('F242 guesses over HTTP count, so HTTP is no way around', async () => {
  await using gateway = await startHarness();
  for (let n = 0; n < 10; n += 1)
    await ask(`${gateway.url}/api/tokens`, { headers: { authorization: `Bearer wrong-${n}` } });
  expect(await guess(gateway, gateway.token)).toBe('AUTH_RATE_LIMITED');
});

test('F242 nothing that comes while an address is shut out lets it in earlier', async () => {
  const clock = createFakeClock();
  await using gateway = await startHarness({ clock });
  for (let n = 0; n < 10; n += 1) await guess(gateway, `wrong-${n}`);
  for (let minute = 1; minute < 5; minute += 1) {
    await clock.advance(60_000);
    for (const authorization of ['Bearer rv_wrong', 'Bearer wrong'])
      await ask(`${gateway.url}/api/tokens`, { headers: { authorization } });
    expect([minute, await guess(gateway, gateway.token)]).toEqual([minute, 'AUTH_RATE_LIMITED']);
  }
  await clock.advance(60_000);
  expect(await guess(gateway, gateway.token)).toBe('ok');
});

test('F242 X-Forwarded-For makes nobody another caller, unless a proxy is trusted', async () => {
  await using plain = await startHarness();
  for (let n = 0; n < 10; n += 1)
    await guess(plain, 'wrong', { headers: { 'x-forwarded-for': `203.0.113.${n}` } });
  expect(await guess(plain, plain.token, { headers: { 'x-forwarded-for': '198.51.100.7' } })).toBe(
    'AUTH_RATE_LIMITED',
  );

  await using proxied = await startHarness({ env: { REEVE_GATEWAY_TRUST_PROXY: 'true' } });
  for (let n = 0; n < 10; n += 1)
    await guess(proxied, 'wrong', { headers: { 'x-forwarded-for': `203.0.113.${n}, ::ffff:198.51.100.7` } });
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  expect(await guess(proxied, proxied.token, from('198.51.100.7'))).toBe('AUTH_RATE_LIMITED');
  expect(await guess(proxied, proxied.token, from('198.51.100.8'))).toBe('ok');
});

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['::FFFF:7f00:1', '127.0.0.1'],
  ['0:0:0:0:0:ffff:7f00:0001', '127.0.0.1'],
  ['0000:0000:0000:0000:0000:ffff:127.0.0.1', '127.0.0.1'],
  ['::1', '0:0:0:0::/64'],
  // Some proxies name the port as well, which is another for each connection.
  ['203.0.113.9:50123', '203.0.113.9'],
  ['[::ffff:203.0.113.9]:50124', '203.0.113.9'],
  ['[2001:db8::1]:50125', '2001:db8:0:0::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0DB8:0:0:ffff:1:2:3', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('F242 the address %s is counted as %s', (address, name) => {
  expect(normalise(address)).toBe(name);
});

test('F234 F242 ceremonies of passkeys that nobody finishes are not begun without end', async () => {
  const clock = createFakeClock();
  await using gateway = await startHarness({ clock });
  const begin = async (n: number) => {
    const host = `localhost:${n}`;
    const headers = { ...json, host, origin: `http://${host}` };
    const answer = await ask(`${gateway.url}/api/auth/passkey/options`, {
      method: 'POST',
      headers,
      body: '{}',
    });
    return answer.status;
  };
  for (let n = 1; n <= 30; n += 1) expect(await begin(n)).toBe(200);
  expect(await begin(31)).toBe(429);
  await clock.advance(60_000);
  expect(await begin(32)).toBe(200);
});
