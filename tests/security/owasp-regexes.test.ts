import type { Tool } from '@reeve/core';
import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ask, bearer, call, json } from '../support/http.ts';

/** Its arguments are judged as a command line. */
const shell: Tool = {
  name: 'shell',
  description: 'Runs a command.',
  input: z.looseObject({}),
  risk: 'high',
  effect: 'unsafe',
  kind: 'command',
  execute: async () => ({ text: 'done' }),
};
const browser: Tool = { ...shell, name: 'browser', kind: 'browser' };
const python: Tool = { ...shell, name: 'python', kind: 'code' };

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  // The built-in steward reads every message by patterns of its own.
  harness = await startHarness({ model: null, extraTools: [shell, browser, python] });
});
afterAll(() => harness[Symbol.asyncDispose]());

/** Beginnings of what patterns look for, over and over: where one goes back and forth, this takes hours. */
const pieces = [
  ['a', ' ', '\n', '-', '(', '[', '"', '\\', '<', '=', '1,', 'a@', 'a.', '1:', '+1 '],
  ['sk-', 'eyJ', 'Bearer ', 'password=', '"password":"', '-----BEGIN ', 'postgres://a:', '://:@'],
  ['remind me ', 'tomorrow at ', 'in 5 minutes ', 'and ', '. ', 'what is ', '/model '],
].flat();
const long = (piece: string, length: number) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

test.each([200_000, 3_900])(
  'F243 API4 messages of %i characters that patterns stumble over are answered',
  async (length) => {
    for (const piece of pieces) {
      const answer = await call(harness, 'POST', '/chat', { message: `x${long(piece, length)}` });
      // What is more than a model can take is refused; it was looked through all the same.
      expect([piece, [200, 413].includes(answer.status)]).toEqual([piece, true]);
    }
  },
);

test('F207 F243 API4 arguments that look like a thousand dangers are judged, and the worst is thought of what is too long', async () => {
  const { id: sessionId } = await harness.client.sessions.create({});
  const commands = [
    'git push ',
    'rm -r',
    'rm ',
    'curl | ',
    'find ',
    'base64 -d | ',
    'npm -a ',
    'chmod -R ',
    'dd ',
  ];
  for (const piece of commands)
    for (const length of [1_900, 500_000]) {
      const command = long(piece, length);
      const { json: said } = await call(harness, 'POST', '/api/policies/explain', {
        tool: 'shell',
        args: { command },
      });
      expect([piece, length, length > 2_000 ? said.risk : 'any']).toEqual([
        piece,
        length,
        length > 2_000 ? 'critical' : 'any',
      ]);
    }
  for (const [tool, args] of [
    ['browser', { action: 'click', text: long('delete my ', 500_000) }],
    ['browser', { action: 'navigate', url: long('http://', 500_000) }],
    ['python', { code: long('eval ', 500_000) }],
  ] as const) {
    const answer = await call(harness, 'POST', `/api/tools/${tool}/call`, { sessionId, args });
    expect([tool, answer.status < 500]).toEqual([tool, true]);
  }
});

test('F243 API4 whatever is sought, filtered or addressed by is read in one go', async () => {
  for (const piece of ['1,', 'a.', 'a@', '1:', '"', '-', '(', ' ']) {
    const word = encodeURIComponent(long(piece, 190));
    const longer = encodeURIComponent(long(piece, 1_500).toWellFormed());
    for (const path of [
      `/api/search?query=${word}`,
      `/api/chat/conversations?search=${word}`,
      `/api/audit?target=${word}`,
      `/api/auth/oidc/office/start?returnTo=/${longer}`,
      `/s/${longer}`,
      `/v1/models/${longer}`,
    ])
      expect((await call(harness, 'GET', path)).status).toBeLessThan(500);
    const header = long(piece, 6_000).replace(/[^\x20-\x7e]/g, '.');
    for (const name of [
      'origin',
      'cookie',
      'authorization',
      'user-agent',
      'accept-encoding',
      'last-event-id',
      'x-forwarded-for',
    ])
      expect(
        (await ask(`${harness.url}/api/chat/conversations`, { headers: { [name]: header } })).status,
      ).toBeLessThan(500);
  }
});

test('F234 F243 API4 so are addresses, codes, pictures and policies', async () => {
  const bodies = (piece: string): [string, object][] => [
    ['/api/auth/sign-in', { email: `${long(piece, 240)}@example.org`, password: long(piece, 256) }],
    ['/api/auth/refresh', { refreshToken: long(piece, 500) }],
    ['/api/policies/check', { tier: 'admin', name: 'mine', text: long(piece, 50_000) }],
    ['/api/policies/explain', { tool: 'calculate', args: { expression: long(piece, 300) } }],
    [
      '/v1/chat/completions',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: `data:image/png;base64,${long(piece, 300_000)}` } },
            ],
          },
        ],
      },
    ],
  ];
  for (const piece of ['A', '=', 'a@', 'a.', '(', '1,', '-', '!(', 'permit (', '"', '//', '/*'])
    for (const [path, body] of bodies(piece)) {
      const answer = await ask(harness.url + path, {
        method: 'POST',
        headers: { ...json, ...(!path.includes('/auth/') && bearer(harness)) },
        body: JSON.stringify(body),
      });
      expect([path, piece, answer.status < 500]).toEqual([path, piece, true]);
    }
});
