import { reply, startHarness, startModelServer } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { say } from '../support/collect.ts';

test('F034 over several sessions at least nine tenths of the static prefix are read from the cache', async () => {
  await using model = await startModelServer({
    models: ['claude-sonnet-5'],
    promptCache: { minTokens: 512, now: Date.now },
  });
  await using harness = await startHarness({
    model: null,
    env: {
      REEVE_PROVIDERS_CLAUDE_KIND: 'anthropic',
      REEVE_PROVIDERS_CLAUDE_BASE_URL: model.urls.anthropic,
      REEVE_PROVIDERS_CLAUDE_API_KEY: 'sk-ant-test-0123456789',
      REEVE_AGENT_MODEL: 'claude/claude-sonnet-5',
    },
  });
  const sessions: (string | undefined)[] = Array(5).fill(undefined);
  for (let turn = 0; turn < 4; turn += 1)
    for (const [person, sessionId] of sessions.entries()) {
      if (turn === 2)
        model.enqueue(reply.toolCall('calculate', { expression: `${person}+1` }), reply.text('Counted.'));
      else model.enqueue(reply.text(`Answer ${turn} to ${person}.`));
      const { sent } = await say(
        harness,
        `Message ${turn} of person ${person}, with a few words of its own.`,
        {
          ...(sessionId !== undefined && { sessionId }),
        },
      );
      sessions[person] = sent.sessionId;
    }
  expect(model.violations).toEqual([]);
  expect(model.requests).toHaveLength(25);
  expect(model.promptCache?.staticSentTokens).toBeGreaterThan(25 * 512);
  expect(model.promptCache?.staticPrefixReadShare).toBeGreaterThanOrEqual(0.9);

  // The conversation is read too: the last turn of a session finds what the one before has written.
  const { messages } = await harness.client.sessions.history({ id: sessions[0]!, limit: 50 });
  const last = messages.findLast((message) => message.role === 'assistant')!;
  const staticTokens = model.promptCache!.staticSentTokens / 25;
  expect(last.usage?.cacheReadTokens).toBeGreaterThan(staticTokens);
  expect(last.usage?.costUsd).toBeGreaterThan(0);
});
