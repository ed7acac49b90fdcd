import type { ModelServer, Protocol } from '../../src/model/index.ts';

/** How a plain client asks each protocol: path of an answer, headers, and a body around a conversation. */
export interface WireClient {
  protocol: Protocol;
  headers: Record<string, string>;
  url(server: ModelServer, isStream: boolean): string;
  /** A body that says `hi`. */
  body(isStream: boolean): Record<string, unknown>;
}

export const anthropicHeaders = { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' };

export const wireClients: WireClient[] = [
  {
    protocol: 'openai-chat',
    headers: {},
    url: (server) => `${server.urls.openai}/chat/completions`,
    body: (stream) => ({
      model: 'm',
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      messages: [{ role: 'user', content: 'hi' }],
    }),
  },
  {
    protocol: 'openai-responses',
    headers: {},
    url: (server) => `${server.urls.openai}/responses`,
    body: (stream) => ({
      model: 'm',
      stream,
      store: false,
      include: ['reasoning.encrypted_content'],
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
    }),
  },
  {
    protocol: 'anthropic',
    headers: anthropicHeaders,
    url: (server) => `${server.urls.anthropic}/messages`,
    body: (stream) => ({
      model: 'm',
      stream,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'hi' }],
    }),
  },
  {
    protocol: 'google',
    headers: { 'x-goog-api-key': 'k' },
    url: (server, stream) =>
      `${server.urls.google}/models/m:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: () => ({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }),
  },
  {
    protocol: 'ollama',
    headers: {},
    url: (server) => `${server.urls.ollama}/chat`,
    body: (stream) => ({ model: 'm', stream, messages: [{ role: 'user', content: 'hi' }] }),
  },
];

export const clientOf = (protocol: Protocol): WireClient => {
  const found = wireClients.find((client) => client.protocol === protocol);
  if (found === undefined) throw new Error(`no client for ${protocol}`);
  return found;
};

/** Sends a request for an answer; `more` changes the body. */
export const send = (
  server: ModelServer,
  protocol: Protocol,
  { isStream = true, more = {} }: { isStream?: boolean; more?: Record<string, unknown> } = {},
): Promise<Response> => {
  const client = clientOf(protocol);
  return fetch(client.url(server, isStream), {
    method: 'POST',
    headers: client.headers,
    body: JSON.stringify({ ...client.body(isStream), ...more }),
  });
};

/** The data of server-sent events, in order; checks that `event` names the type where it is there. */
export const readEvents = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n\n')
    .filter((frame) => !frame.endsWith('[DONE]'))
    .map((frame) => {
      const [, name, data = ''] = /^(?:event: (.*)\n)?data: (.*)$/.exec(frame) ?? [];
      const value = JSON.parse(data);
      if (name !== undefined && name !== value.type) throw new Error(`${name} names ${value.type}`);
      return value;
    });
