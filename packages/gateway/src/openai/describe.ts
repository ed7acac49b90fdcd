import { z } from 'zod';
import { completionRequestSchema } from './completions-wire.ts';
import { responsesRequestSchema } from './responses-wire.ts';

/** A schema that stands in the middle of a document: what may be any JSON value refers to nothing outside. */
const bodyOf = (schema: z.ZodType): object => {
  const {
    $defs: _defs,
    $schema: _schema,
    ...rest
  } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  });
  return JSON.parse(JSON.stringify(rest), (_key, value) =>
    typeof value?.$ref === 'string' && value.$ref.startsWith('#/$defs/') ? {} : value,
  );
};

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
        content: json(bodyOf(completionRequestSchema)),
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
  '/v1/responses': {
    post: {
      operationId: 'openai.responses.create',
      summary: 'Responses as OpenAI clients know them, streaming or whole',
      tags: ['openai'],
      parameters: headers,
      requestBody: {
        required: true,
        content: json(bodyOf(responsesRequestSchema)),
      },
      responses: {
        200: {
          description: 'A `response`, or with `stream` its events.',
          content: { ...json(anObject), 'text/event-stream': { schema: { type: 'string' } } },
        },
        default: error,
      },
    },
  },
  '/v1/responses/{id}': {
    get: {
      operationId: 'openai.responses.retrieve',
      summary: 'An answer that was given before',
      tags: ['openai'],
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: { 200: { description: 'The response.', content: json(anObject) }, default: error },
    },
  },
  '/v1/embeddings': {
    post: {
      operationId: 'openai.embeddings.create',
      summary: 'Embeddings: 501 so long as this Reeve has no embedding model',
      tags: ['openai'],
      responses: { default: error },
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
