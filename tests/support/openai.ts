import type { Harness } from '@reeve/testkit';
import OpenAI from 'openai';

/** The official client, pointed at the gateway as its users would. */
export const openaiFor = (
  gateway: Pick<Harness, 'url' | 'token'>,
  options: ConstructorParameters<typeof OpenAI>[0] = {},
): OpenAI => new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.token, maxRetries: 0, ...options });

export const user = (content: string) => ({ role: 'user', content }) as const;
export const assistant = (content: string) => ({ role: 'assistant', content }) as const;
export const system = (content: string) => ({ role: 'system', content }) as const;

/** The session an answer belongs to, beside the answer. */
export const withSession = async <T>(request: {
  withResponse(): Promise<{ data: T; response: Response }>;
}): Promise<{ data: T; sessionId: string }> => {
  const { data, response } = await request.withResponse();
  return { data, sessionId: response.headers.get('x-reeve-session')! };
};

/** What a stream said, put together, with its last chunks. */
export const readChunks = async (stream: AsyncIterable<OpenAI.Chat.ChatCompletionChunk>) => {
  const chunks: OpenAI.Chat.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return {
    chunks,
    text: chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''),
    finishReason: chunks.map((chunk) => chunk.choices[0]?.finish_reason).find(Boolean),
    usage: chunks.find((chunk) => chunk.usage)?.usage,
  };
};
