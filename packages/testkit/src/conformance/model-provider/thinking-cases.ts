import type { Continuation, ModelMessage, ModelRequest } from '@reeve/core';
import { type ThinkingLevel, thinkingLevels } from '@reeve/protocol';
import { expect } from 'vitest';
import { reply } from '../../model/reply.ts';
import type { ThinkingWish } from '../../model/script.ts';
import {
  ask,
  type Case,
  callsOf,
  clockAnswer,
  clockTool,
  collect,
  type Fixture,
  finishOf,
  reasoningOf,
  received,
  textOf,
} from './fixture.ts';

/** F049. */
const budgets: Record<ThinkingLevel, number> = {
  off: 0,
  minimal: 1024,
  low: 4096,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
};

/** Vendors' words for levels, from none to most. */
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

const thinkRequest = (
  fixture: Fixture,
  messages: ModelMessage[],
  params: ModelRequest['params'] = { thinking: 'high' },
): ModelRequest => ask({ model: fixture.thinkingModel }, '', { messages, tools: [clockTool], params });

const wishFor = async (fixture: Fixture, thinking: ThinkingLevel): Promise<ThinkingWish | undefined> => {
  const messages: ModelMessage[] = [{ role: 'user', text: 'hello' }];
  return (await received(fixture, thinkRequest(fixture, messages, { thinking }))).request.thinking;
};

/** One step in which the model thinks and calls a tool; gives the message that goes into the history. */
async function step(fixture: Fixture, messages: ModelMessage[], thought: string, id: string) {
  fixture.server.enqueue(
    reply.reasoning(thought).text(`Step ${id}.`).toolCall('clock_now', { zone: id }, id),
  );
  const events = await collect(fixture.provider, thinkRequest(fixture, messages));
  expect(reasoningOf(events)).toBe(thought);
  const { continuation } = finishOf(events);
  // It goes through the journal before it comes back.
  const data = continuation === undefined ? undefined : JSON.parse(JSON.stringify(continuation));
  const message: ModelMessage = {
    role: 'assistant',
    text: textOf(events),
    toolCalls: callsOf(events),
    ...(data === undefined ? {} : { continuation: { provider: fixture.provider.id, data } }),
  };
  return { message, isContinued: data !== undefined };
}

const question: ModelMessage = { role: 'user', text: 'What time is it?' };
const withoutContinuation = (messages: ModelMessage[]): ModelMessage[] =>
  messages.map((message) => {
    if (message.role !== 'assistant') return message;
    const { continuation: _, ...rest } = message;
    return rest;
  });

/** Thinking: how much, shown apart, kept within a run, stripped after it. */
export const thinkingCases = {
  'the level of thinking reaches the model in the vendor’s form': async (fixture) => {
    let lastRank = 1;
    for (const level of thinkingLevels) {
      const wish = await wishFor(fixture, level);
      if (level === 'off') {
        // A model that cannot but think thinks least.
        const isLeast = ['none', 'minimal'].includes(wish?.effort ?? '');
        const isOff =
          wish === undefined ||
          wish.isOn === false ||
          (wish.budgetTokens ?? budgets.minimal) < budgets.minimal;
        expect(isOff || isLeast, JSON.stringify(wish)).toBe(true);
      } else if (wish?.budgetTokens !== undefined) {
        // A model whose own limit is lower gets that for the highest level.
        const least = level === 'xhigh' ? budgets.high + 1 : budgets[level];
        expect(wish.budgetTokens, level).toBeGreaterThanOrEqual(least);
        expect(wish.budgetTokens, level).toBeLessThanOrEqual(budgets[level]);
      } else if (wish?.effort !== undefined) {
        const rank = efforts.indexOf(wish.effort);
        expect(rank, `${level}: ${wish.effort}`).toBeGreaterThanOrEqual(lastRank);
        lastRank = rank;
      } else {
        expect(wish?.isOn, level).toBe(true);
      }
    }
  },
  'thinking leaves room for the answer and drops what it forbids': async (fixture) => {
    const params = { thinking: 'high', maxOutputTokens: 100, temperature: 0.2, topP: 0.5 } as const;
    const { request } = await received(fixture, thinkRequest(fixture, [question], params));
    const { thinking, params: seen } = request;
    expect(thinking).toBeDefined();
    if (thinking?.isOn === true && thinking.budgetTokens !== undefined)
      expect(seen.maxOutputTokens).toBeGreaterThan(thinking.budgetTokens);
  },
  'thinking goes on after the tools of its own run': async (fixture) => {
    const { server } = fixture;
    const first = await step(fixture, [question], 'First I look at the clock.', 'one');
    const history = [question, first.message, clockAnswer('one')];
    const second = await step(fixture, history, 'Then I look at it again.', 'two');
    const after = [...history, second.message, clockAnswer('two')];
    server.enqueue(reply.text('Ten.'));
    expect(textOf(await collect(fixture.provider, thinkRequest(fixture, after)))).toBe('Ten.');
    // A wire that signs thinking must have seen its signatures again, each with its step.
    const [, two, three] = server.requests;
    expect(two?.signatures).toHaveLength(server.signaturesIssued > 0 ? 1 : 0);
    expect(three?.signatures).toHaveLength(server.signaturesIssued > 0 ? 2 : 0);
    expect(first.isContinued || server.signaturesIssued === 0).toBe(true);
    expect(three?.request.messages.map((message) => message.text)).toEqual([
      'What time is it?',
      'Step one.',
      '10:00',
      'Step two.',
      '10:00',
    ]);
  },
  'thinking is stripped from the history of later runs': async (fixture) => {
    const { server, provider } = fixture;
    const first = await step(fixture, [question], 'First I look at the clock.', 'one');
    const run: ModelMessage[] = [question, first.message, clockAnswer('one')];
    server.enqueue(reply.reasoning('That makes it ten.').text('Ten.'));
    await collect(provider, thinkRequest(fixture, run));
    const later: ModelMessage[] = [
      ...withoutContinuation(run),
      { role: 'assistant', text: 'Ten.', toolCalls: [] },
      { role: 'user', text: 'And now?' },
    ];
    const seen = await received(fixture, thinkRequest(fixture, later));
    expect(seen.signatures).toEqual([]);
    expect(JSON.stringify(seen.body)).not.toContain('First I look');
  },
  'another provider’s thinking is not sent': async (fixture) => {
    const continuation: Continuation = {
      provider: 'somebody-else',
      data: { thinking: 'A foreign thought.', signature: 'foreign-signature', parts: [{ text: 'foreign' }] },
    };
    const messages: ModelMessage[] = [
      question,
      {
        role: 'assistant',
        text: 'I look.',
        toolCalls: [{ id: 'c1', name: 'clock_now', args: { zone: 'UTC' } }],
        continuation,
      },
      clockAnswer('c1'),
    ];
    const seen = await received(fixture, thinkRequest(fixture, messages));
    expect(seen.request.messages.map((message) => message.text)).toEqual([
      'What time is it?',
      'I look.',
      '10:00',
    ]);
    expect(JSON.stringify(seen.body)).not.toContain('oreign');
  },
  'a continuation that makes no sense is ignored': async (fixture) => {
    for (const data of [null, 'x', [], {}, { blocks: 7 }, [{ type: 'thinking' }]]) {
      const message: ModelMessage = {
        role: 'assistant',
        text: '',
        toolCalls: [{ id: 'c1', name: 'clock_now', args: {} }],
        continuation: { provider: fixture.provider.id, data },
      };
      const seen = await received(fixture, thinkRequest(fixture, [question, message, clockAnswer('c1')]));
      expect(seen.signatures).toEqual([]);
    }
  },
  'tools can be demanded while thinking': async (fixture) => {
    const request = thinkRequest(fixture, [question]);
    const { request: seen } = await received(fixture, { ...request, toolChoice: 'required' });
    expect(seen.toolNames).toEqual(['clock_now']);
  },
} satisfies Record<string, Case>;
