import {
  type ClientRequest,
  FaultError,
  fault,
  type ImageInput,
  type ImageRef,
  type QueueMode,
  type SendInput,
  type SendOutput,
  type Session,
  type SlashCommandName,
  type ToolCall,
} from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import { cutMiddle } from '../gate/output.ts';
import type { Clock, NewId } from '../ports/clock.ts';
import type { Engine } from '../ports/engine.ts';
import type { Log } from '../ports/log.ts';
import type { Store, StoreTx, Turn } from '../ports/store.ts';
import { finishedKey } from '../run/turn.ts';
import { repeatedAnswer } from './answer-words.ts';

/** Name of the engine's function that runs a turn. */
export const turnFn = 'turn';

export interface AcceptInput extends SendInput {
  sender?: { kind: 'user' | 'schedule'; id: string };
  /** See the event `message.received`. */
  thread?: string;
  /** Settings and history for a session that this message creates, under an id of the caller's choice or a new one. */
  newSession?: {
    id?: string;
    instructions?: string;
    history?: ImportedMessage[];
  };
  /** See the event `message.received`. */
  client?: ClientRequest;
  /** What the client's tools gave that the run before asked for; `text` may then be empty. */
  toolResults?: { runId: string; callId: string; name: string; text: string; isError: boolean }[];
}

/** History that an API client brings along. */
export interface ImportedMessage {
  role: 'user' | 'assistant' | 'tool';
  text: string;
  images?: ImageInput[];
  toolCalls?: ToolCall[];
  /** For role tool. */
  toolCallId?: string;
  name?: string;
}

export interface Chat {
  /**
   * Takes a message: resolves when it is durable, its run will follow whatever happens. Throws FaultError
   * NOT_FOUND (session), CONFLICT (key used with another text; tool results given before), BUSY, DATABASE_ERROR. A slash command is answered
   * before it resolves.
   */
  accept(actor: Actor, input: AcceptInput): Promise<SendOutput>;
  /** Stops the running run and those waiting (or just one). Returns what was stopped. */
  abort(actor: Actor, sessionId: string, runId?: string): Promise<string[]>;
  /** Brings engine and journal together after a crash between their writes; once, at start. */
  reconcile(): Promise<void>;
}

/** A slash command as it was given, and the language (BCP 47) of whoever gave it. */
interface GivenCommand {
  name: SlashCommandName;
  rest: string;
  language: string | undefined;
}

export interface ChatDeps {
  store: Store;
  engine: Engine;
  clock: Clock;
  newId: NewId;
  log: Log;
  fingerprint: (text: string) => string;
  laneLimit: number;
  defaultQueueMode: () => QueueMode;
  /** Throws FaultError NOT_FOUND for a model nobody offers. */
  checkModel: (ref: string) => Promise<void>;
  /** The command that a message is; null for one that a model answers. */
  commandOf: (actor: Actor, input: AcceptInput) => Promise<Omit<GivenCommand, 'language'> | null>;
  runCommand: (
    name: SlashCommandName,
    call: { actor: Actor; session: Session; rest: string; language?: string | undefined },
  ) => Promise<string>;
}

export const createChat = (deps: ChatDeps): Chat => {
  const { store, engine, newId } = deps;

  const accept = async (actor: Actor, input: AcceptInput): Promise<SendOutput> => {
    if (input.model !== undefined) await deps.checkModel(input.model);
    const command = await deps.commandOf(actor, input);
    const key = input.idempotencyKey ?? newId('key_');
    const ids = {
      sessionId: input.sessionId ?? input.newSession?.id ?? newId('ses_'),
      messageId: newId('msg_'),
      runId: newId('run_'),
    };
    let enqueued: Promise<void> | undefined;
    const taken = await store.write(async (tx) => {
      const repeated = await repeatedOf(tx, actor, key, input.text);
      if (repeated) return { output: repeated, interrupted: [] as Turn[] };
      const session = await openSession(tx, actor, input, ids.sessionId);
      if (command) {
        const event = await tx.append(ids.sessionId, {
          type: 'command.received',
          data: { messageId: ids.messageId, channel: actor.channel, text: input.text, idempotencyKey: key },
        });
        return {
          output: { ...ids, runId: ids.messageId, seq: event.seq, isRepeated: false },
          interrupted: [],
        };
      }
      const queueMode = input.queueMode ?? session.queueMode;
      // An interrupt is about to empty the lane; it still must not grow without end.
      if (session.openTurns > (queueMode === 'interrupt' ? deps.laneLimit * 2 : deps.laneLimit))
        throw new FaultError('BUSY');
      const interrupted = queueMode === 'interrupt' ? await tx.openTurns(ids.sessionId) : [];
      for (const result of input.toolResults ?? []) {
        const { seq } = await tx.append(
          ids.sessionId,
          { type: 'tool.finished', data: clientResult(result) },
          `${result.runId}/client ${result.callId}#finished`,
        );
        // Somebody else was faster: the run that goes on with them is under way.
        if (seq <= session.lastSeq)
          throw new FaultError('CONFLICT', 'The results of these calls were given already.', {
            next: 'Send the request again to get the answer to them.',
          });
      }
      const images = await saveImages(tx, ids.sessionId, input.images ?? []);
      const event = await tx.append(ids.sessionId, {
        type: 'message.received',
        data: {
          messageId: ids.messageId,
          runId: ids.runId,
          channel: actor.channel,
          sender: input.sender ?? { kind: 'user', id: actor.userId },
          text: input.text,
          queueMode,
          idempotencyKey: key,
          ...(input.thread !== undefined && { thread: input.thread }),
          ...(input.model !== undefined && { model: input.model }),
          ...(input.params !== undefined && { params: input.params }),
          ...(images.length > 0 && { images }),
          ...(input.client !== undefined && { client: input.client }),
        },
      });
      // Joins this transaction: message and run become durable by one fsync.
      enqueued = engine.enqueue(runOf(ids));
      enqueued.catch(() => {});
      return { output: { ...ids, seq: event.seq, isRepeated: false }, interrupted };
    });
    await enqueued;
    await stopTurns(taken.interrupted);
    const given = command ?? (isCommand(taken.output) ? repeatedAnswer(input.text) : null);
    if (given) await answerCommandOnce(actor, taken.output, { ...given, language: input.language });
    return taken.output;
  };

  /** The bytes of an image are an artifact under the name of their content; the journal only names it. */
  const saveImages = async (tx: StoreTx, sessionId: string, images: ImageInput[]): Promise<ImageRef[]> => {
    const saved: ImageRef[] = [];
    for (const { mediaType, data } of images) {
      if (data.startsWith('https://')) {
        saved.push({ url: data, mediaType });
        continue;
      }
      const artifactId = `art_${deps.fingerprint(`${sessionId}\n${data}`).slice(0, 26)}`;
      await tx.saveArtifact({ id: artifactId, sessionId, name: mediaType, text: data });
      saved.push({ artifactId, mediaType, bytes: Math.floor((data.length * 3) / 4) });
    }
    return saved;
  };

  const runOf = ({ sessionId, runId }: { sessionId: string; runId: string }) => ({
    runId,
    lane: sessionId,
    fn: turnFn,
    input: { sessionId },
  });

  const repeatedOf = async (
    tx: StoreTx,
    actor: Actor,
    key: string,
    text: string,
  ): Promise<SendOutput | null> => {
    const entry = await tx.inboxEntry(actor, key);
    if (!entry) return null;
    if (entry.digest !== deps.fingerprint(text)) throw new FaultError('CONFLICT');
    const { digest: _digest, ...known } = entry;
    return { ...known, isRepeated: true };
  };

  const openSession = async (
    tx: StoreTx,
    actor: Actor,
    input: AcceptInput,
    sessionId: string,
  ): Promise<Session & { openTurns: number }> => {
    const title = titleOf(input.text);
    if (input.sessionId === undefined && !(await tx.session(actor, sessionId))) {
      await tx.append(sessionId, {
        type: 'session.created',
        data: {
          tenantId: actor.tenantId,
          owner: actor.userId,
          channel: actor.channel,
          title,
          queueMode: deps.defaultQueueMode(),
        },
      });
      if (input.newSession?.instructions)
        await tx.append(sessionId, {
          type: 'session.configured',
          data: { instructions: input.newSession.instructions },
        });
      for (const { images = [], ...message } of input.newSession?.history ?? []) {
        const saved = await saveImages(tx, sessionId, images);
        await tx.append(sessionId, {
          type: 'message.imported',
          data: { messageId: newId('msg_'), ...message, ...(saved.length > 0 && { images: saved }) },
        });
      }
    }
    const session = await tx.session(actor, sessionId);
    if (!session) throw new FaultError('NOT_FOUND', 'There is no such session.');
    if (session.title === '')
      await tx.append(sessionId, { type: 'session.renamed', data: { title, by: 'reeve' } });
    return session;
  };

  /** A command that was accepted right before a crash has no answer: whoever repeats it gets one. */
  const answerCommandOnce = async (actor: Actor, output: SendOutput, command: GivenCommand) => {
    if (output.isRepeated && (await store.eventByKey(output.sessionId, commandKey(output)))) return;
    const session = await store.session(actor, output.sessionId);
    if (session) await answerCommand(actor, session, output, command);
  };

  const answerCommand = async (actor: Actor, session: Session, output: SendOutput, command: GivenCommand) => {
    const { name, ...given } = command;
    const text = await deps.runCommand(name, { actor, session, ...given }).catch((error: unknown) => {
      if (error instanceof FaultError) return `${error.fault.message} ${error.fault.next ?? ''}`.trim();
      deps.log.error({ command: name, err: error }, 'a command threw');
      return fault('INTERNAL_ERROR').message;
    });
    await store.write((tx) =>
      tx.append(
        output.sessionId,
        { type: 'command.answered', data: { messageId: output.messageId, command: name, text } },
        commandKey(output),
      ),
    );
  };

  /** A run that was still waiting never gets to write its own end; one that runs writes it itself. */
  const stopTurns = async (turns: Turn[]): Promise<string[]> => {
    const stopped: string[] = [];
    // The waiting ones first, so that none of them starts because the one before it stopped.
    for (const turn of [...turns].reverse()) {
      if (!(await engine.cancel(turn.runId))) continue;
      stopped.push(turn.runId);
      const run = await engine.get(turn.runId);
      if (run?.state === 'cancelled') await endTurn(turn);
    }
    return stopped.reverse();
  };

  const endTurn = (turn: Turn) =>
    store.write((tx) =>
      tx.append(
        turn.sessionId,
        { type: 'run.finished', data: { runId: turn.runId, outcome: 'cancelled' } },
        finishedKey(turn.runId),
      ),
    );

  return {
    accept,

    async abort(actor, sessionId, runId) {
      if (!(await store.session(actor, sessionId)))
        throw new FaultError('NOT_FOUND', 'There is no such session.');
      const open = await store.openTurns(sessionId);
      return stopTurns(runId === undefined ? open : open.filter((turn) => turn.runId === runId));
    },

    async reconcile() {
      for (const turn of await store.openTurns()) {
        const run = await engine.get(turn.runId);
        if (!run) await engine.enqueue(runOf(turn));
        else if (run.state === 'cancelled') await endTurn(turn);
        else if (run.state === 'failed' || run.state === 'done') {
          await store.write((tx) =>
            tx.append(
              turn.sessionId,
              {
                type: 'run.finished',
                data: { runId: turn.runId, outcome: 'failed', fault: fault('INTERNAL_ERROR', run.error) },
              },
              finishedKey(turn.runId),
            ),
          );
        }
      }
    },
  };
};

const clientResult = ({
  runId,
  callId,
  name,
  text,
  isError,
}: NonNullable<AcceptInput['toolResults']>[number]) => ({
  runId,
  messageId: `${runId}/client ${callId}`,
  callId,
  tool: name,
  status: isError ? ('failed' as const) : ('ok' as const),
  text: cutMiddle(text, (omitted) => `\n[… ${omitted} characters left out …]\n`),
  decision: 'run by the client',
  durationMs: 0,
});

/** No run follows a command. */
const isCommand = ({ runId, messageId }: SendOutput) => runId === messageId;

const commandKey = ({ messageId }: SendOutput) => `${messageId}#answered`;

const titleLimit = 60;

/** The first line of the first message, at a word's end. */
export const titleOf = (text: string): string => {
  const line = text.trim().split('\n')[0]!.replace(/\s+/g, ' ').trim();
  if (line.length <= titleLimit) return line;
  const cut = line.slice(0, titleLimit);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), titleLimit / 2)).replace(/[\uD800-\uDBFF]$/, '')}…`;
};
