import { FaultError } from '@reeve/protocol';
import type { AnswerSource, ApiContext } from './answer-source.ts';
import { type ApiRequest, addressOf } from './api-request.ts';
import { openDirect } from './direct-source.ts';
import { openSteward } from './steward-source.ts';

/** Whoever the request's model names. Rejects with the FaultError of whatever is wrong before an answer begins. */
export const openSource = async (context: ApiContext, api: ApiRequest): Promise<AnswerSource> => {
  const { toolChoice, tools = [] } = api.client;
  if (typeof toolChoice === 'object' && !tools.some((tool) => tool.name === toolChoice.tool))
    throw new FaultError(
      'INVALID_PARAMS',
      `tool_choice names ${toolChoice.tool}, which is not among the tools.`,
    );
  const { isDirect, ref } = addressOf(api.model);
  return isDirect ? openDirect(context, api, ref) : openSteward(context, api, ref);
};
