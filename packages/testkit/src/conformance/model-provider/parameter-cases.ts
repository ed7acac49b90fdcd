import type { ModelRequest } from '@reeve/core';
import { expect } from 'vitest';
import { ask, type Case, clockTool, type Fixture, received } from './fixture.ts';

const otherTool = { ...clockTool, name: 'clock_set', description: 'Sets the clock.' };
const schema = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};

const sent = async (fixture: Fixture, more: Partial<ModelRequest>) =>
  (await received(fixture, ask(fixture, 'hello', more))).request;

/** How the answer is to be written. */
export const parameterCases = {
  'top_p reaches the model': async (fixture) => {
    expect((await sent(fixture, { params: { topP: 0.5 } })).params.topP).toBe(0.5);
  },
  'texts to stop at reach the model': async (fixture) => {
    expect((await sent(fixture, { params: { stop: ['END', '\n\n'] } })).params.stop).toEqual(['END', '\n\n']);
  },
  'the seed reaches the model': async (fixture) => {
    expect((await sent(fixture, { params: { seed: 7 } })).params.seed).toBe(7);
  },
  'penalties reach the model': async (fixture) => {
    const { params } = await sent(fixture, { params: { frequencyPenalty: 0.5, presencePenalty: -0.5 } });
    expect(params).toMatchObject({ frequencyPenalty: 0.5, presencePenalty: -0.5 });
  },
  'what is not asked for is not sent': async (fixture) => {
    const request = await sent(fixture, {});
    const { maxOutputTokens: _, ...params } = request.params;
    expect(params).toEqual({});
    expect(request).not.toHaveProperty('responseFormat');
    expect(request).not.toHaveProperty('thinking');
    expect(request.toolNames).toEqual([]);
  },
  'the model chooses tools freely unless told': async (fixture) => {
    const tools = [clockTool, otherTool];
    for (const more of [{}, { toolChoice: 'auto' as const }]) {
      const request = await sent(fixture, { tools, ...more });
      expect(request.toolNames).toEqual(['clock_now', 'clock_set']);
      expect(request.toolChoice ?? 'auto').toBe('auto');
    }
  },
  'a tool can be demanded': async (fixture) => {
    const tools = [clockTool, otherTool];
    expect((await sent(fixture, { tools, toolChoice: 'required' })).toolChoice).toBe('required');
  },
  'one tool can be demanded by name': async (fixture) => {
    const tools = [clockTool, otherTool];
    const request = await sent(fixture, { tools, toolChoice: { tool: 'clock_set' } });
    expect(request.toolChoice).toEqual({ tool: 'clock_set' });
  },
  'tools can be forbidden': async (fixture) => {
    // Either the vendor is told so, or the tools are not offered.
    const request = await sent(fixture, { tools: [clockTool], toolChoice: 'none' });
    expect(request.toolNames.length === 0 || request.toolChoice === 'none').toBe(true);
  },
  'JSON can be demanded': async (fixture) => {
    const request = await sent(fixture, { responseFormat: { type: 'json' } });
    expect(request.responseFormat).toMatchObject({ type: 'json' });
  },
  'JSON by a schema can be demanded': async (fixture) => {
    const request = await sent(fixture, { responseFormat: { type: 'json', schema, name: 'reply' } });
    expect(request.responseFormat).toMatchObject({
      type: 'json',
      schema: { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] },
    });
  },
  'an answer in text is the rule': async (fixture) => {
    expect(await sent(fixture, { responseFormat: { type: 'text' } })).not.toHaveProperty('responseFormat');
  },
} satisfies Record<string, Case>;
