import { methodPermissions, type Permission } from '@reeve/protocol';
import { startHarness } from '@reeve/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accept, as, goodPassword, join, signIn } from '../identity/support.ts';
import { call } from '../support/http.ts';
import { procedures } from '../support/procedures.ts';
import { connect } from '../support/wire.ts';

let harness: Awaited<ReturnType<typeof startHarness>>;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

/** What each role may at the most, by the rules that Reeve starts with. Said here again, so that a rule that is loosened by mistake is seen. */
const talking: Permission[] = ['chat:read', 'chat:write', 'model:read', 'system:read'];
const remembering: Permission[] = [...talking, 'memory:read', 'memory:write', 'usage:read'];
const mayAtMost: Record<string, Permission[]> = {
  guest: talking,
  agent: remembering,
  child: [...remembering, 'account:manage', 'approval:read'],
  user: [
    ...remembering,
    'account:manage',
    'approval:read',
    'approval:decide',
    'policy:explain',
    'secret:own',
  ],
};
const secretsAndMachine = /^(system|secret):manage$/;

const tokenOf = async (email: string) => ({
  bearer: (await signIn(harness, email, goodPassword, true)).json.tokens.accessToken as string,
});

const refusedTo = async (who: { bearer: string }, isMeant: (permission: Permission) => boolean) => {
  const asked = procedures.filter(({ name }) => {
    const permission = methodPermissions[name as keyof typeof methodPermissions];
    return permission !== null && isMeant(permission);
  });
  for (const { name, method, path } of asked) {
    const place = path.replace(/\{[^}]+\}/g, 'owner');
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const { status, json } = await as(harness, who, method, place, body);
    // Who may not is told so before what they sent is looked at.
    expect([name, status, json.code]).toEqual([name, 403, 'PERMISSION_DENIED']);
  }
  return asked.length;
};

test.each(Object.keys(mayAtMost))(
  'F236 F237 API5 every method beyond the rights of a %s is refused',
  async (role) => {
    await join(harness, { email: `${role}@example.org`, role });
    const who = await tokenOf(`${role}@example.org`);
    const count = await refusedTo(who, (permission) => !mayAtMost[role]!.includes(permission));
    expect(count).toBeGreaterThan(30);
    await using socket = await connect({ url: harness.url, token: who.bearer });
    expect(socket.hello.auth.scopes).not.toContain('operator.admin');
    const ofTheMachine = socket.hello.features.methods.filter((name: string) =>
      /^(config|logs|provider|status)(\.|$)/.test(name),
    );
    expect(ofTheMachine.length).toBeGreaterThan(5);
    for (const name of ofTheMachine) expect([name, (await socket.ask(name, {})).ok]).toEqual([name, false]);
  },
);

test('F302 API5 an admin of another tenant runs that tenant, and not the machine', async () => {
  const { url } = (await call(harness, 'POST', '/api/tenants', { name: 'Next door' })).json;
  await accept(harness, url, 'bea@example.net');
  const bea = await tokenOf('bea@example.net');
  expect((await as(harness, bea, 'GET', '/api/people')).status).toBe(200);
  expect(await refusedTo(bea, (permission) => secretsAndMachine.test(permission))).toBeGreaterThan(10);
});
