import { mainAgent } from '@reeve/core';
import type { DurableEvent, Message, Session } from '@reeve/protocol';
import { mainKey, type Named, wireIdOf } from './names.ts';

/** What a message needs to be shown: a stored one, or the event that made it. */
export type Shown = Pick<
  Message,
  'id' | 'seq' | 'runId' | 'role' | 'text' | 'toolCalls' | 'toolCallId' | 'name' | 'isError' | 'createdAt'
> &
  Partial<Pick<Message, 'provider' | 'model' | 'usage'>> & {
    /** What the client calls the run: by that it knows its own message and the answer again. */
    wireId?: string;
  };

const text = (value: string) => ({ type: 'text', text: value });

/** A message in OpenClaw's form. `__openclaw.seq` is its place in the journal of its session. */
export const presentMessage = (message: Shown): object => {
  const common = {
    timestamp: message.createdAt,
    __openclaw: {
      id: message.id,
      seq: message.seq,
      ...((message.wireId ?? message.runId) && { runId: message.wireId ?? message.runId }),
    },
  };
  const isQuestion = message.role === 'user' || (message.role === 'command' && message.name === null);
  if (isQuestion)
    return {
      role: 'user',
      content: message.text,
      ...(message.wireId !== undefined && { idempotencyKey: `${message.wireId}:user` }),
      ...common,
    };
  if (message.role === 'tool')
    return {
      role: 'toolResult',
      toolCallId: message.toolCallId,
      toolName: message.name,
      content: [text(message.text)],
      isError: message.isError,
      ...common,
    };
  return {
    role: 'assistant',
    content: [
      ...(message.text === '' ? [] : [text(message.text)]),
      ...message.toolCalls.map((call) => ({
        type: 'toolCall',
        id: call.id,
        name: call.name,
        arguments: call.args,
      })),
    ],
    stopReason: message.toolCalls.length > 0 ? 'toolUse' : 'stop',
    ...(message.provider && { provider: message.provider }),
    ...(message.model && { model: message.model }),
    ...(message.usage && { usage: presentUsage(message.usage) }),
    ...common,
  };
};

export const presentUsage = (usage: {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
}) => ({
  input: usage.inputTokens,
  output: usage.outputTokens,
  cacheRead: usage.cacheReadTokens ?? 0,
  cacheWrite: usage.cacheWriteTokens ?? 0,
  totalTokens: usage.inputTokens + usage.outputTokens,
});

const plain = { toolCalls: [], toolCallId: null, name: null, isError: false, runId: null };

/** The message that an event of the journal made, or null when it made none. */
export const messageOf = (event: DurableEvent): Shown | null => {
  const base = { ...plain, seq: event.seq, createdAt: event.at };
  switch (event.type) {
    case 'message.received': {
      const { messageId, runId, text, idempotencyKey } = event.data;
      return { ...base, id: messageId, runId, role: 'user', text, wireId: wireIdOf(idempotencyKey, runId) };
    }
    case 'model.answered': {
      const { messageId, runId, text, toolCalls, provider, model, usage } = event.data;
      return { ...base, id: messageId, runId, role: 'assistant', text, toolCalls, provider, model, usage };
    }
    case 'tool.finished': {
      const { messageId, runId, callId, tool, text, status } = event.data;
      return {
        ...base,
        id: messageId,
        runId,
        role: 'tool',
        text,
        toolCallId: callId,
        name: tool,
        isError: status !== 'ok',
      };
    }
    case 'command.received':
      return {
        ...base,
        id: event.data.messageId,
        role: 'command',
        text: event.data.text,
        wireId: wireIdOf(event.data.idempotencyKey, event.data.messageId),
      };
    case 'command.answered': {
      const { messageId, command, text } = event.data;
      return { ...base, id: `${messageId}_answer`, role: 'command', text, name: command };
    }
    case 'notification.posted':
      return { ...base, id: event.data.messageId, role: 'notification', text: event.data.text };
    default:
      return null;
  }
};

export interface ModelRef {
  provider: string;
  model: string;
}

/** `provider/model`, as OpenClaw says it in two parts. */
export const modelRef = (id: string): ModelRef => {
  const [provider = '', ...rest] = id.split('/');
  return { provider, model: rest.join('/') };
};

/** A session as one row of OpenClaw's lists. */
export const presentRow = (
  session: Session,
  key: string,
  defaultModel: string,
  activeRunIds: readonly string[],
): object => {
  const { provider, model } = modelRef(session.model ?? defaultModel);
  return {
    key,
    kind: 'direct',
    chatType: 'direct',
    agentId: mainAgent,
    sessionId: session.id,
    isMain: key === `agent:${mainAgent}:${mainKey}`,
    ...(session.title !== '' && { displayName: session.title, derivedTitle: session.title }),
    channel: session.channel,
    createdAt: session.createdAt,
    updatedAt: session.updatedAt,
    archived: false,
    inputTokens: session.inputTokens,
    outputTokens: session.outputTokens,
    totalTokens: session.inputTokens + session.outputTokens,
    modelProvider: provider,
    model,
    hasActiveRun: activeRunIds.length > 0 || session.isRunning,
    activeRunIds,
    lastSeq: session.lastSeq,
  };
};

/** What every event about a session begins with. */
export const sessionFacts = ({ key, sessionId }: Pick<Named, 'key' | 'sessionId'>) => ({
  sessionKey: key,
  sessionId,
  agentId: mainAgent,
});
