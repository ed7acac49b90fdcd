import { startHarness } from '../harness/in-process.ts';
import { type PromptCacheFigures, reply, startModelServer } from '../model/index.ts';

export interface CachingTrace {
  requests: number;
  violations: readonly string[];
  figures: PromptCacheFigures;
  /** Tokens of the last request that came from the cache, the conversation's own among them. */
  lastReadTokens: number;
  lastCostUsd: number;
}

/**
 * Several people talk to one gateway in turn, each in a session of their own and now and then with a tool on the
 * way, over Anthropic's wire with its rules of prompt caching (at least 1,024 tokens, five minutes).
 */
export const runCachingTrace = async ({
  people,
  turns,
}: {
  people: number;
  turns: number;
}): Promise<CachingTrace> => {
  await using model = await startModelServer({
    models: ['claude-sonnet-5'],
    promptCache: { now: Date.now },
  });
  await using harness = await startHarness({
    model: null,
    env: {
      REEVE_PROVIDERS_CLAUDE_KIND: 'anthropic',
      REEVE_PROVIDERS_CLAUDE_BASE_URL: model.urls.anthropic,
      REEVE_PROVIDERS_CLAUDE_API_KEY: 'key-of-anthropic',
      REEVE_AGENT_MODEL: 'claude/claude-sonnet-5',
    },
  });
  const sessions: (string | undefined)[] = Array(people).fill(undefined);
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [person, known] of sessions.entries()) {
      if (turn % 3 === 2) model.enqueue(reply.toolCall('calculate', { expression: `${person}+${turn}` }));
      model.enqueue(reply.text(`Answer ${turn} to ${person}.`));
      const answer = await harness.client.chat.ask({
        message: `Message ${turn} of person ${person}, with a few words of its own.`,
        ...(known !== undefined && { session_id: known }),
      });
      sessions[person] = answer.session_id;
    }
  }
  const { messages } = await harness.client.sessions.history({ id: sessions[0]!, limit: 200 });
  const usage = messages.findLast((message) => message.role === 'assistant')?.usage;
  return {
    requests: model.requests.length,
    violations: model.violations,
    figures: model.promptCache!,
    lastReadTokens: usage?.cacheReadTokens ?? 0,
    lastCostUsd: usage?.costUsd ?? 0,
  };
};
