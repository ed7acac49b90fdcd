import type { Harness } from '@reeve/testkit';
import { type Answer, ask, bearer, codeOf, json } from '../support/http.ts';

export const goodPassword = 'vexing otter lantern 91';
export const otherPassword = 'plum walrus thicket 58';

/** Who makes a request: a browser with a cookie, or a program with a bearer. */
export type Who = { cookie: string } | { bearer: string };

/** A request as somebody, or as nobody. */
export const as = (
  harness: Pick<Harness, 'url'>,
  who: Who | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> =>
  ask(harness.url + path, {
    method,
    headers: {
      'user-agent': 'a test',
      ...(who && 'cookie' in who && { cookie: who.cookie, origin: harness.url }),
      ...(who && 'bearer' in who && { authorization: `Bearer ${who.bearer}` }),
      ...(body !== undefined && json),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

export const local = (harness: Harness): Who => ({ bearer: bearer(harness).authorization.slice(7) });

export const cookieOf = (answer: Answer): { cookie: string } => ({
  cookie: answer.headers['set-cookie']![0]!.split(';')[0]!,
});

export const hashOf = (link: string, kind: 'invite' | 'reset'): string =>
  new URL(link).hash.replace(`#${kind}=`, '');

/** The owner's browser, by the login link. */
export const ownerBrowser = async (harness: Harness): Promise<{ cookie: string }> => {
  const { url } = await harness.client.auth.loginLink();
  return cookieOf(await as(harness, null, 'POST', '/api/auth/login', { code: codeOf(url) }));
};

/** Gives the owner an address and a password. */
export const setUpOwner = async (harness: Harness, email = 'olga@example.org') => {
  const browser = await ownerBrowser(harness);
  const answer = await as(harness, browser, 'POST', '/api/account/password', {
    email,
    name: 'Olga',
    password: goodPassword,
  });
  if (answer.status !== 200) throw new Error(answer.body);
  return { ...browser, email, password: goodPassword };
};

export const signIn = (harness: Harness, email: string, password: string, asTokens = false) =>
  as(harness, null, 'POST', '/api/auth/sign-in', { email, password, asTokens });

export interface Member {
  id: string;
  email: string;
  cookie: string;
}

/** Somebody who came by an invitation. */
export const join = async (
  harness: Harness,
  { email, role = 'user', by }: { email: string; role?: string; by?: Who },
): Promise<Member> => {
  const invite = await as(harness, by ?? local(harness), 'POST', '/api/invites', { role });
  if (invite.status !== 201) throw new Error(invite.body);
  return accept(harness, invite.json.url, email);
};

export const accept = async (harness: Harness, link: string, email: string): Promise<Member> => {
  const answer = await as(harness, null, 'POST', '/api/auth/register', {
    code: hashOf(link, 'invite'),
    name: email.split('@')[0],
    email,
    password: goodPassword,
  });
  if (answer.status !== 200) throw new Error(answer.body);
  const who = cookieOf(answer);
  const account = await as(harness, who, 'GET', '/api/account');
  return { id: account.json.person.id, email, ...who };
};
