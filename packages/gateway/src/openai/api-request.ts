import type { ClientRequest, GenerationParams } from '@reeve/protocol';
import type { Conversation } from './conversation.ts';

/** A request of OpenAI's API in either of its forms, chat completions or responses. */
export interface ApiRequest {
  /** As the client wrote it. */
  model: string;
  conversation: Conversation;
  params: GenerationParams;
  client: ClientRequest;
  /** A name that the client gives its conversation. */
  user: string | null;
  /** The run whose answer this goes on from, by the client's word (`previous_response_id`). */
  continues: string | null;
}

/** Names for "whatever is the default", for clients that insist on a model. */
const defaultNames = new Set(['', 'reeve', 'reeve/default', 'default']);

/** In front of a model: no steward, no memory, no tools of ours; the model alone, through the router. */
const direct = 'direct';

/** Who is to answer: the steward with some model, or a model directly. `ref` null = the default. */
export const addressOf = (model: string): { isDirect: boolean; ref: string | null } => {
  if (model === direct) return { isDirect: true, ref: null };
  if (model.startsWith(`${direct}/`)) return { isDirect: true, ref: model.slice(direct.length + 1) };
  return { isDirect: false, ref: defaultNames.has(model) ? null : model };
};

/**
 * The id under which a client's tool call leaves, and comes back with its result: the run that asked, so that the
 * conversation is found again, and the model's own id within it.
 */
export const toClientCallId = (runId: string, callId: string): string => `${runId}~${callId}`;

export const fromClientCallId = (id: string): { runId: string; callId: string } | null => {
  const at = id.indexOf('~');
  return at > 0 ? { runId: id.slice(0, at), callId: id.slice(at + 1) } : null;
};
