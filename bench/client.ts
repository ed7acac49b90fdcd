import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

export interface Question {
  text: string;
  model?: string;
  /** Names the conversation. */
  user?: string;
}

/** One streamed chat completion, read to its end. Resolves to its text; rejects when it is not a whole answer. */
export const complete = (
  url: string,
  token: string | null,
  { text, model = 'reeve', user }: Question,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({ model, stream: true, user, messages: [{ role: 'user', content: text }] });
    const call = request(
      `${url}/v1/chat/completions`,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...(token && { authorization: `Bearer ${token}` }),
        },
      },
      (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          answer += chunk;
        });
        response.on('end', () =>
          answer.includes('data: [DONE]')
            ? resolve(answer)
            : reject(new Error(`${response.statusCode}: ${answer.slice(-300)}`)),
        );
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(body);
  });
