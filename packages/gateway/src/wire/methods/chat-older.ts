import { FaultError } from '@reeve/protocol';
import type { chatSendOlderSchema } from '@reeve/protocol/wire';
import type { z } from 'zod';
import { createAnswerCollector } from '../../routes/answer.ts';
import type { Call } from '../method.ts';
import { nameSession } from './sessions-of.ts';
import { speak } from './speak.ts';

/**
 * `chat.send` in the form of F006: events `chat.delta {req_id, text}` and `chat.tool {req_id, …}`, then one answer
 * with everything. A text that another model began anew comes as a delta with `replace`.
 */
export const answerOlder = async (
  call: Call,
  params: z.output<typeof chatSendOlderSchema>,
): Promise<object> => {
  const { connection, requestId, services } = call;
  const named = await nameSession(call, params.session_key);
  const { sent } = await speak(call, {
    named,
    text: params.message,
    model: params.model,
    thinking: params.thinking_level,
    idempotencyKey: params.idempotency_key,
  });
  const tell = (name: string, payload: object) => {
    if (params.stream) connection.event(name, JSON.stringify({ req_id: requestId, ...payload }));
  };
  const collector = createAnswerCollector(sent);
  let messageId = '';
  const items = await services.core.streams.open(
    call.actor,
    { sessionId: sent.sessionId, after: sent.seq, runId: sent.runId },
    connection.signal,
  );
  for await (const item of items) {
    collector.add(item);
    const isOurs = 'runId' in item.data && item.data.runId === collector.runId();
    if (!isOurs) continue;
    if (item.type === 'message.delta') {
      const separator = messageId !== '' && messageId !== item.data.messageId ? '\n\n' : '';
      messageId = item.data.messageId;
      tell('chat.delta', { text: separator + item.data.text });
    } else if (item.type === 'message.replaced') {
      messageId = item.data.messageId;
      const said = collector.result().text;
      tell('chat.delta', { text: [said, item.data.text].filter(Boolean).join('\n\n'), replace: true });
    } else if (item.type === 'tool.started') {
      const { tool } = item.data;
      tell('chat.tool', { name: tool, label: tool.replaceAll('_', ' '), status: 'running' });
    } else if (item.type === 'tool.finished') {
      const { tool, text, status } = item.data;
      tell('chat.tool', {
        name: tool,
        label: tool.replaceAll('_', ' '),
        status: 'done',
        output: text,
        is_error: status !== 'ok',
      });
    }
  }
  const answer = collector.result();
  if (answer.fault) throw new FaultError(answer.fault.code, answer.fault.message, answer.fault);
  if (messageId === '' && answer.text !== '') tell('chat.delta', { text: answer.text });
  return {
    content: answer.text,
    model: answer.model,
    usage: {
      input_tokens: answer.usage.inputTokens,
      output_tokens: answer.usage.outputTokens,
      cache_read_tokens: answer.usage.cacheReadTokens ?? 0,
      cache_write_tokens: answer.usage.cacheWriteTokens ?? 0,
    },
    stop_reason: answer.outcome === 'cancelled' ? 'aborted' : answer.finishReason,
    run_id: sent.runId,
    session_key: named.key,
  };
};
