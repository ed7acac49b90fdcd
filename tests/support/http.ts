import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import type { Harness } from '@reeve/testkit';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at, not typed.
  json: any;
}

export interface Ask {
  method?: string;
  /** Taken as they are, also those that `fetch` keeps to itself, such as Host and Origin. */
  headers?: Record<string, string>;
  body?: string;
}

/** One request on a connection of its own, resolved when its headers have come. */
export const open = (
  url: string,
  { method = 'GET', headers = {}, body }: Ask = {},
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method, headers, agent: false }, resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });

/** One request and its whole answer. */
export const ask = async (url: string, options: Ask = {}): Promise<Answer> => {
  const incoming = await open(url, options);
  const body = await readText(incoming);
  return {
    status: incoming.statusCode!,
    headers: incoming.headers,
    body,
    get json() {
      return JSON.parse(body);
    },
  };
};

export const json = { 'content-type': 'application/json' };
export const bearer = (harness: { token: string }) => ({ authorization: `Bearer ${harness.token}` });

/** An authorised request with a JSON body. */
export const call = (harness: Harness, method: string, path: string, body?: unknown): Promise<Answer> =>
  ask(harness.url + path, {
    method,
    headers: { ...bearer(harness), ...(body !== undefined && json) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

/** Signs in like a browser. The value of the Cookie header. */
export const signIn = async (harness: Harness): Promise<string> => {
  const { url } = await harness.client.auth.loginLink();
  const answer = await ask(`${harness.url}/api/auth/login`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ code: codeOf(url) }),
  });
  return answer.headers['set-cookie']![0]!.split(';')[0]!;
};

export const codeOf = (loginLink: string): string => new URL(loginLink).hash.replace('#code=', '');
