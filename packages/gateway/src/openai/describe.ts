import { z } from 'zod';
import { completionRequestSchema } from './wire.ts';

const json = (schema: object) => ({ 'application/json': { schema } });
const anObject = { type: 'object' };
const error = {
  description: "An error in OpenAI's shape: `{error: {message, type, param, code}}`.",
  content: json(anObject),
};
const headers = ['x-reeve-session', 'idempotency-key'].map((name) => ({
  name,
  in: 'header',
  schema: { type: 'string' },
}));

/** The OpenAI-compatible routes for the OpenAPI document: they follow that API's rules and are not in our contract. */
export const describeOpenAiPaths = () => ({
  '/v1/chat/completions': {
    post: {
      operationId: 'openai.chat.completions',
      summary: 'Chat completions as OpenAI clients know them, streaming or whole',
      tags: ['openai'],
      parameters: headers,
      requestBody: {
        required: true,
        content: json(z.toJSONSchema(completionRequestSchema, { io: 'input', unrepresentable: 'any' })),
      },
      responses: {
        200: {
          description: 'A `chat.completion`, or with `stream` its chunks and `[DONE]`.',
          content: { ...json(anObject), 'text/event-stream': { schema: { type: 'string' } } },
        },
        default: error,
      },
    },
  },
  '/v1/models': {
    get: {
      operationId: 'openai.models.list',
      summary: 'Models as OpenAI clients list them',
      tags: ['openai'],
      responses: { 200: { description: 'The list.', content: json(anObject) }, default: error },
    },
  },
  '/v1/models/{id}': {
    get: {
      operationId: 'openai.models.retrieve',
      summary: 'One model',
      tags: ['openai'],
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: { 200: { description: 'The model.', content: json(anObject) }, default: error },
    },
  },
});
