import { isTransient } from '@reeve/client';
import type { GenerationParams, ImageInput, Session } from '@reeve/protocol';
import { client, faultOf } from '../api/client.ts';
import { waitToRetry } from '../api/connection.ts';
import { upsert } from '../api/sessions.ts';
import { type OnUpload, uploadingClient } from '../api/upload.ts';
import { language } from '../lib/i18n.ts';

export interface Outgoing {
  text: string;
  images?: readonly ImageInput[];
  /** Said once under one key, however often it is sent; absent: a key of its own. */
  idempotencyKey?: string;
  onUpload?: OnUpload;
}

/** Choices made before a session exists. */
export interface NewSessionChoice {
  model: string | null;
  params: GenerationParams | null;
}

const tries = 4;

/** Says something, again when the connection broke: the key makes sure that it is said once. Throws FaultError. */
export const send = async (
  sessionId: string | null,
  { text, images = [], idempotencyKey = newKey(), onUpload }: Outgoing,
): Promise<string> => {
  const { chat } = onUpload ? uploadingClient(onUpload) : client;
  const message = {
    text,
    idempotencyKey,
    language: language.get(),
    ...(sessionId !== null && { sessionId }),
    ...(images.length > 0 && { images: [...images] }),
  };
  for (let attempt = 1; ; attempt++) {
    try {
      return (await chat.send(message)).sessionId;
    } catch (error) {
      if (attempt === tries || !isTransient(faultOf(error))) throw error;
      await waitToRetry(1_000 * attempt, undefined);
    }
  }
};

/** Says the first thing of a session. */
export const sendFirst = async (outgoing: Outgoing, { model, params }: NewSessionChoice): Promise<string> => {
  if (model === null && params === null) return send(null, outgoing);
  const session: Session = await client.sessions.create({ ...(model !== null && { model }) });
  if (params !== null) await client.sessions.update({ id: session.id, params });
  return send(session.id, outgoing);
};

/** Goes on from a message in a branch: the session it stands in stays as it is. */
export const branch = async (sessionId: string, messageId: string, isIncluded: boolean): Promise<Session> => {
  const fork = await client.sessions.fork({ id: sessionId, messageId, isIncluded });
  upsert([fork]);
  return fork;
};

/** `crypto.randomUUID` is missing where the page is not served securely. */
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
