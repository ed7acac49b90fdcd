import type { Actor } from '@reeve/core';
import { FaultError } from '@reeve/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import type { ApiContext } from './answer-source.ts';
import { completeChat } from './completions.ts';
import { createRecentTexts } from './recent-texts.ts';
import { createResponse, retrieveResponse } from './responses.ts';
import { runIdOf } from './responses-wire.ts';

/** The OpenAI-compatible surface (F011): chat completions, responses, models; embeddings once there is an embedder. */
export const registerOpenAiRoutes = (
  app: FastifyInstance,
  services: Services,
  { actorOf, now }: { actorOf: (request: FastifyRequest) => Actor; now: () => number },
): void => {
  const { catalog } = services.core;
  const recentTexts = createRecentTexts();
  const answering =
    (answer: (context: ApiContext) => Promise<void>) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      await answer({ services, actor: actorOf(request), request, reply, recentTexts, now });
      return reply;
    };
  app.post('/v1/chat/completions', answering(completeChat));
  app.post('/v1/responses', answering(createResponse));
  app.get<{ Params: { id: string } }>('/v1/responses/:id', (request) =>
    retrieveResponse({ services, actor: actorOf(request) }, runIdOf(request.params.id)),
  );
  app.post('/v1/embeddings', () => {
    throw new FaultError('NOT_IMPLEMENTED', 'This Reeve has no embedding model.', {
      next: 'Send embeddings to the server that makes them; chat completions and responses are served here.',
    });
  });

  const created = Math.floor(services.system.startedAt / 1000);
  const entry = (id: string, owner: string) => ({ id, object: 'model', created, owned_by: owner });
  const models = async () => [
    entry('reeve', 'reeve'),
    entry('direct', 'reeve'),
    ...(await catalog.list()).map((model) => entry(model.id, model.provider)),
  ];
  app.get('/v1/models', async () => ({ object: 'list', data: await models() }));
  app.get<{ Params: { '*': string } }>('/v1/models/*', async (request) => {
    const found = (await models()).find((model) => model.id === request.params['*']);
    if (!found) throw new FaultError('NOT_FOUND', `There is no model ${request.params['*']}.`);
    return found;
  });
};
