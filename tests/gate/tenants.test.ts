import { type Harness, startHarness } from '@reeve/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accept, as, join, local, type Who } from '../identity/support.ts';
import { type Procedure, procedures } from '../support/procedures.ts';
import { recorder } from './support.ts';

/** Asks first, so that everybody has a question of theirs. */
const { tool: mail } = recorder('send_email');

interface Somebody {
  name: string;
  tenant: string;
  role: string;
  who: Who;
  id: string;
  /** A word that stands in everything of theirs and nowhere else. */
  mark: string;
  /** Ids of theirs, by what they name. */
  ids: Record<string, string>;
}

let harness: Harness;
const everybody: Somebody[] = [];

const give = async ({ who, name }: Pick<Somebody, 'who' | 'name'>, mark: string) => {
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await as(harness, who, method, path, body);
    if (answer.status >= 300) throw new Error(`${name} ${method} ${path}: ${answer.status} ${answer.body}`);
    return answer.json;
  };
  const session = await call('POST', '/api/chat/conversations', { title: `${mark} title` });
  await call('POST', '/chat', { message: `${mark} text`, session_id: session.id });
  const { messages } = await call('GET', `/api/chat/history/${session.id}`);
  const asked = await call('POST', '/api/tools/send_email/call', { sessionId: session.id, args: { mark } });
  const token = await call('POST', '/api/tokens', { name: `${mark} key` });
  return {
    session: session.id,
    message: messages[0].id,
    run: messages[0].runId,
    approval: asked.approvalId,
    token: token.id,
  };
};

beforeAll(async () => {
  harness = await startHarness({ extraTools: [mail], env: { REEVE_IDENTITY_MAX_SESSIONS: '50' } });
  const owner = { who: local(harness), id: 'owner' };
  const ada = await join(harness, { email: 'ada@example.org' });
  const abe = await join(harness, { email: 'abe@example.org' });
  const made = (await as(harness, owner.who, 'POST', '/api/tenants', { name: 'Next door' })).json;
  const bea = await accept(harness, made.url, 'bea@example.net');
  const bob = await join(harness, { email: 'bob@example.net', by: bea });
  const ben = await join(harness, { email: 'ben@example.net', by: bea });
  const list = [
    { name: 'owner', tenant: 'home', role: 'admin', ...owner },
    { name: 'ada', tenant: 'home', role: 'user', id: ada.id, who: { cookie: ada.cookie } },
    { name: 'abe', tenant: 'home', role: 'user', id: abe.id, who: { cookie: abe.cookie } },
    { name: 'bea', tenant: 'next', role: 'admin', id: bea.id, who: { cookie: bea.cookie } },
    { name: 'bob', tenant: 'next', role: 'user', id: bob.id, who: { cookie: bob.cookie } },
    { name: 'ben', tenant: 'next', role: 'user', id: ben.id, who: { cookie: ben.cookie } },
  ];
  for (const one of list) {
    const mark = `zq${one.name}qz`;
    everybody.push({ ...one, mark, ids: { ...(await give(one, mark)), person: one.id } });
  }
}, 120_000);
afterAll(() => harness[Symbol.asyncDispose]());

/** Streams never end by themselves, these end or lock what others still need, and one asks for the whole program. */
const leftOut = new Set([
  'chat.stream',
  'chat.askStream',
  'overview.stream',
  'system.logs',
  'auth.logout',
  'system.rebuildJournal',
  'secrets.lock',
  'secrets.emergency',
]);

/** Every parameter that names something, filled with what is somebody's. */
const bodyOf = ({ ids, mark }: Somebody, change: string): Record<string, unknown> => ({
  id: ids.session,
  sessionId: ids.session,
  session_id: ids.session,
  messageId: ids.message,
  runId: ids.run,
  userId: ids.person,
  user: ids.person,
  title: change,
  name: change,
  text: change,
  message: change,
  query: mark,
  seq: 1,
  isPinned: true,
  isIncluded: true,
  format: 'json',
  decision: 'approve',
  role: 'admin',
  tier: 'user',
  tool: 'calculate',
  args: { expression: '1+1' },
});

const placesOf = (procedure: Procedure, { ids }: Somebody): string[] =>
  /\{/.test(procedure.path)
    ? Object.values(ids).map((id) => procedure.path.replace(/\{[^}]+\}/g, encodeURIComponent(id)))
    : [procedure.path];

const snapshot = async (one: Somebody) => {
  const read = async (path: string) => (await as(harness, one.who, 'GET', path)).json;
  return {
    // What everybody made anew for themselves on the way is theirs.
    session: await read(`/api/chat/${one.ids.session}`),
    history: await read(`/api/chat/history/${one.ids.session}`),
    tokens: (await read('/api/tokens')).tokens?.map(({ id, name }: { id: string; name: string }) => [
      id,
      name,
    ]),
    account: (await read('/api/account')).person,
    approvals: (await read('/api/approvals')).approvals
      .filter(({ id }: { id: string }) => id === one.ids.approval)
      .map(({ status }: { status: string }) => status),
  };
};

/** What somebody may see of whom: admins see the people and the questions of their own tenant, and nothing they said. */
const maySee = (viewer: Somebody, other: Somebody, procedure: Procedure): boolean =>
  viewer.tenant === other.tenant &&
  viewer.role === 'admin' &&
  /^(people|approvals|audit|secrets|config|system|budgets)\./.test(procedure.name);

describe('F302 API1 two tenants, three people each', () => {
  test('F302 API1 whatever anybody asks of any method, nothing of anybody else comes back or changes', async () => {
    const before = new Map(
      await Promise.all(everybody.map(async (one) => [one.name, await snapshot(one)] as const)),
    );
    const readable = procedures.filter(({ name }) => !leftOut.has(name));
    expect(readable.length).toBeGreaterThan(80);
    for (const viewer of everybody)
      for (const other of everybody) {
        if (viewer === other || (viewer.role === 'admin' && viewer.tenant === other.tenant)) continue;
        for (const procedure of readable) {
          const isRead = procedure.method === 'GET';
          for (const place of placesOf(procedure, other)) {
            const query = isRead
              ? `?${new URLSearchParams({ sessionId: other.ids.session!, session_id: other.ids.session!, query: other.mark, actor: other.ids.person!, userId: other.ids.person!, tier: 'user', name: 'x' })}`
              : '';
            const body =
              isRead || procedure.method === 'DELETE' ? undefined : bodyOf(other, 'changed by a stranger');
            // What changes oneself is no business of this test, and would end it.
            if (
              !isRead &&
              !/\{/.test(procedure.path) &&
              !/^(chat|tools|sessions|approvals)\./.test(procedure.name)
            )
              continue;
            const answer = await as(harness, viewer.who, procedure.method, place + query, body);
            const told = `${viewer.name} ${procedure.method} ${place}: ${answer.status}`;
            expect(answer.status, told).toBeLessThan(500);
            // A search gives back the words that it was asked for, and a refusal may name them.
            if (answer.status < 300)
              expect(answer.body.replaceAll(`"query":"${other.mark}"`, ''), told).not.toContain(other.mark);
            expect(maySee(viewer, other, procedure)).toBe(false);
          }
        }
      }
    for (const one of everybody) expect(await snapshot(one), one.name).toEqual(before.get(one.name));
  }, 240_000);

  test('F302 API3 nothing in a body makes somebody somebody else', async () => {
    const [, ada, , bea] = everybody as [Somebody, Somebody, Somebody, Somebody];
    for (const more of [
      { userId: 'owner' },
      { owner: 'owner', tenantId: 'home' },
      { actor: { userId: 'owner', tenantId: 'home', role: 'admin' } },
      { role: 'admin', scopes: ['*:*'] },
      { sender: { kind: 'user', id: 'owner' } },
      JSON.parse('{"__proto__":{"role":"admin"}}'),
    ]) {
      const made = await as(harness, bea.who, 'POST', '/api/chat/conversations', { title: 'Mine', ...more });
      if (made.status < 300) {
        expect((await as(harness, ada.who, 'GET', `/api/chat/${made.json.id}`)).status).toBe(404);
        expect((await as(harness, bea.who, 'GET', `/api/chat/${made.json.id}`)).status).toBe(200);
      } else expect(made.status).toBe(400);
      expect((await as(harness, ada.who, 'GET', '/api/people')).status).toBe(403);
    }
  });

  test('F302 the questions of one tenant are answered by nobody of another, and not by other members', async () => {
    const [, ada, abe, bea] = everybody as [Somebody, Somebody, Somebody, Somebody];
    for (const stranger of [abe, bea]) {
      const answer = await as(harness, stranger.who, 'POST', `/api/approvals/${ada.ids.approval}/answer`, {
        decision: 'approve',
      });
      expect(answer.status).toBe(404);
    }
  });
});

describe('API4 whatever is sent', () => {
  test('API4 API8 no input makes a 5xx, hangs or tells of the inside', async () => {
    const [owner] = everybody as [Somebody];
    const writing = procedures.filter(
      ({ name, method }) =>
        !leftOut.has(name) && method !== 'GET' && !/^(auth|config|system|secrets|account)\./.test(name),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...writing),
        fc.oneof(
          fc.jsonValue(),
          fc.dictionary(fc.constantFrom(...Object.keys(bodyOf(owner, ''))), fc.jsonValue()),
        ),
        fc.string({ maxLength: 40, unit: 'binary' }),
        async ({ method, path }, body, id) => {
          const place = path.replace(/\{[^}]+\}/g, encodeURIComponent(id.toWellFormed() || 'x'));
          const answer = await as(harness, owner.who, method, place, method === 'DELETE' ? undefined : body);
          expect(answer.status, `${method} ${place}`).toBeLessThan(500);
          expect(answer.body).not.toMatch(/node_modules|\.ts:\d|SQLITE|at \w+ \(/);
        },
      ),
      { numRuns: 400 },
    );
  }, 120_000);
});
