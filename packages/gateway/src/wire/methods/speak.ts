import type { AcceptInput } from '@reeve/core';
import { sameOwner } from '@reeve/core';
import {
  FaultError,
  type GenerationParams,
  type RunOutcome,
  type SendOutput,
  thinkingLevels,
} from '@reeve/protocol';
import type { WireAttachment } from '@reeve/protocol/wire';
import { createAnswerCollector } from '../../routes/answer.ts';
import type { RunResult } from '../live-run.ts';
import type { Call } from '../method.ts';
import { type Named, wirePrefix } from '../names.ts';

export interface Speech {
  named: Named;
  text: string;
  /** The client's name for the run; repeating it never runs anything twice. */
  idempotencyKey?: string | undefined;
  model?: string | undefined;
  thinking?: string | undefined;
  queueMode?: 'steer' | 'followup' | 'collect' | 'interrupt' | undefined;
  attachments?: readonly WireAttachment[] | undefined;
}

export interface Spoken {
  /** What the run is called to this client. */
  wireId: string;
  sent: SendOutput;
}

/** Takes a message of a client. Throws what `chat.accept` throws, and INVALID_PARAMS or UNSUPPORTED for what cannot be passed on. */
export const speak = async (call: Call, speech: Speech): Promise<Spoken> => {
  const { named } = speech;
  const wireId = speech.idempotencyKey ?? call.newId('');
  const images = imagesOf(speech.attachments ?? []);
  if (speech.text.trim() === '' && images.length === 0)
    throw new FaultError('INVALID_PARAMS', 'The message is empty.');
  const params = paramsOf(speech.thinking);
  const input: AcceptInput = {
    text: speech.text,
    newSession: { id: named.sessionId },
    idempotencyKey: wirePrefix + wireId,
    ...(speech.model !== undefined && { model: speech.model }),
    ...(speech.queueMode !== undefined && { queueMode: queueModes[speech.queueMode] }),
    ...(params && { params }),
    ...(images.length > 0 && { images }),
  };
  const [sent] = await Promise.all([
    call.services.core.chat.accept(call.actor, input),
    call.names.remember(call.actor, named),
  ]);
  return { wireId, sent };
};

const queueModes = { steer: 'steer', followup: 'queue', collect: 'queue', interrupt: 'interrupt' } as const;

/** OpenClaw's levels that Reeve has under another name; `adaptive` leaves it to the model. */
const otherLevels: Record<string, string | null> = {
  max: 'xhigh',
  ultra: 'xhigh',
  adaptive: null,
  none: 'off',
};

export const paramsOf = (thinking: string | undefined): GenerationParams | null => {
  if (thinking === undefined) return null;
  const wanted = Object.hasOwn(otherLevels, thinking) ? otherLevels[thinking]! : thinking;
  if (wanted === null) return null;
  const level = thinkingLevels.find((candidate) => candidate === wanted);
  if (!level) throw new FaultError('INVALID_PARAMS', `thinking must be one of ${thinkingLevels.join(', ')}.`);
  return { thinking: level };
};

const imageTypes = /^image\/(png|jpeg|gif|webp)$/;

const imagesOf = (attachments: readonly WireAttachment[]) =>
  attachments.map(({ mimeType = '', content = '' }) => {
    if (!imageTypes.test(mimeType))
      throw new FaultError('UNSUPPORTED', 'Attachments may be images: PNG, JPEG, GIF or WebP.');
    const data = content.replace(/^data:[a-z/]{1,40};base64,/, '');
    if (data === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(data))
      throw new FaultError('INVALID_PARAMS', 'The content of an attachment must be base64.');
    return { mediaType: mimeType, data };
  });

/** Resolves at the end of a run, also of one that ended long ago or before a restart. */
export const resultOf = (call: Call, sent: SendOutput): Promise<RunResult> =>
  new Promise((resolve, reject) => {
    if (!call.hub.onEnd(sent.sessionId, sent.runId, resolve)) replay(call, sent).then(resolve, reject);
  });

/** What the journal says about a run, followed to its end. */
const replay = async (call: Call, sent: SendOutput): Promise<RunResult> => {
  const collector = createAnswerCollector(sent);
  const items = await call.services.core.streams.open(
    call.actor,
    { sessionId: sent.sessionId, after: sent.seq, runId: sent.runId },
    call.connection.signal,
  );
  for await (const item of items) collector.add(item);
  const answer = collector.result();
  const [provider = '', ...model] = answer.model.split('/');
  return {
    outcome: answer.outcome,
    texts: answer.text === '' ? [] : [answer.text],
    usage: answer.usage,
    provider,
    model: model.join('/'),
    finishReason: answer.finishReason,
    fault: answer.fault,
  };
};

/** A run by the name a client has for it, or by Reeve's own. Null for one that is not the actor's. */
export const findRun = async (
  call: Call,
  wireId: string,
): Promise<{ runId: string; sessionId: string; outcome: RunOutcome | null } | null> => {
  const { store } = call.services;
  const entry = await store.inboxEntry(call.actor, wirePrefix + wireId);
  let turn = await store.turn(entry?.runId ?? wireId);
  if (turn && !sameOwner(turn.owner, call.actor)) return null;
  if (!turn) return entry && { runId: entry.runId, sessionId: entry.sessionId, outcome: 'completed' };
  if (turn.absorbedBy !== null) turn = (await store.turn(turn.absorbedBy)) ?? turn;
  return { runId: turn.runId, sessionId: turn.sessionId, outcome: turn.outcome };
};
