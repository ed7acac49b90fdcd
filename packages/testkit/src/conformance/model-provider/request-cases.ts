import type { ModelMessage, ModelRequest } from '@reeve/core';
import { expect } from 'vitest';
import { ask, type Case, clockAnswer, clockCall, clockTool, conformanceKey, received } from './fixture.ts';

/** A picture of one point. */
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const gif = 'R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

const system = { role: 'system', text: 'You are a test.' } as const;
const user = (text: string) => ({ role: 'user', text }) as const;
const answer = (text: string, ...ids: string[]): ModelMessage => ({
  role: 'assistant',
  text,
  toolCalls: ids.map((id) => clockCall(id)),
});
const conversation = (...messages: ModelMessage[]): Partial<ModelRequest> => ({
  messages,
  tools: [clockTool],
});

/** What the model is sent. The server's wire also checks each request against its vendor's rules. */
export const requestCases = {
  'messages, tools and parameters reach the server': async (fixture) => {
    const messages = [
      system,
      user('What time is it?'),
      answer('I look.', 'c1'),
      clockAnswer('c1'),
      answer('Ten.'),
      user('And now?'),
    ];
    const more = { ...conversation(...messages), params: { temperature: 0.5, maxOutputTokens: 77 } };
    const { request } = await received(fixture, ask(fixture, '', more));
    expect(request).toMatchObject({
      model: fixture.model,
      toolNames: ['clock_now'],
      params: { temperature: 0.5, maxOutputTokens: 77 },
    });
    expect(request.messages).toEqual(messages);
  },
  'several calls of one step, with their answers, keep their order': async (fixture) => {
    const messages = [
      system,
      user('Here and there?'),
      answer('', 'c1', 'c2'),
      clockAnswer('c1', '10:00'),
      clockAnswer('c2', '19:00'),
      answer('Once more.', 'c3'),
      clockAnswer('c3', '10:01'),
    ];
    const { request } = await received(fixture, ask(fixture, '', conversation(...messages)));
    expect(request.messages).toEqual(messages);
  },
  'a message that joins the run between two steps is sent': async (fixture) => {
    const messages = [system, user('Time?'), answer('', 'c1'), clockAnswer('c1'), user('In Tokyo, I mean.')];
    const { request } = await received(fixture, ask(fixture, '', conversation(...messages)));
    expect(request.messages).toEqual(messages);
  },
  'a refused call can be sent back': async (fixture) => {
    const { request } = await received(
      fixture,
      ask(
        fixture,
        '',
        conversation(
          user('What time is it?'),
          {
            role: 'assistant',
            text: '',
            toolCalls: [{ id: 'c1', name: 'clock_now', args: '{"zo' }],
          },
          { ...clockAnswer('c1', 'The arguments are not JSON.'), isError: true },
        ),
      ),
    );
    expect(request.messages.at(-1)).toMatchObject({ role: 'tool', text: 'The arguments are not JSON.' });
  },
  'a tool that answers nothing is an answer': async (fixture) => {
    const { request } = await received(
      fixture,
      ask(fixture, '', conversation(user('Time?'), answer('', 'c1'), clockAnswer('c1', ''))),
    );
    expect(request.messages.at(-1)).toMatchObject({ role: 'tool', callId: 'c1', text: '' });
  },
  'several system messages all arrive, in order': async (fixture) => {
    const { request } = await received(
      fixture,
      ask(fixture, '', {
        messages: [
          { role: 'system', text: 'Lasting.', isStable: true },
          { role: 'system', text: 'Of this user.', isStable: true },
          { role: 'system', text: 'Of now.' },
          user('hello'),
        ],
      }),
    );
    const texts = request.messages.flatMap((message) => (message.role === 'system' ? [message.text] : []));
    expect(texts.join('\n\n')).toBe('Lasting.\n\nOf this user.\n\nOf now.');
  },
  'images reach the model': async (fixture) => {
    const images = [
      { mediaType: 'image/png', data: png },
      { mediaType: 'image/gif', data: gif },
    ];
    const { request } = await received(
      fixture,
      ask(fixture, '', { messages: [system, { role: 'user', text: 'What is this?', images }] }),
    );
    const last = request.messages.at(-1);
    expect(last).toMatchObject({ role: 'user', text: 'What is this?' });
    const seen = last?.role === 'user' ? (last.images ?? []) : [];
    expect(seen.map((image) => image.data)).toEqual([png, gif]);
    // Where the protocol says what an image is, it says it right.
    for (const [i, image] of seen.entries())
      expect(['image/*', images[i]!.mediaType]).toContain(image.mediaType);
  },
  'an image without a text reaches the model': async (fixture) => {
    const images = [{ mediaType: 'image/png', data: png }];
    const { request } = await received(
      fixture,
      ask(fixture, '', { messages: [{ role: 'user', text: '', images }] }),
    );
    expect(request.messages).toMatchObject([{ role: 'user', images: [{ data: png }] }]);
  },
  'an image at a URL is fetched by the vendor': async (fixture) => {
    const url = 'https://images.example/cat.png';
    const { request } = await received(
      fixture,
      ask(fixture, '', {
        messages: [{ role: 'user', text: 'A cat?', images: [{ mediaType: 'image/png', data: url }] }],
      }),
    );
    expect(request.messages).toMatchObject([{ role: 'user', text: 'A cat?', images: [{ data: url }] }]);
  },
  'half a character is not sent': async (fixture) => {
    const { request } = await received(
      fixture,
      ask(fixture, '', conversation(user('\ud83d x'), answer('\ude00', 'c1'), clockAnswer('c1', 'a\ud83d'))),
    );
    for (const message of request.messages) expect(message.text.isWellFormed()).toBe(true);
    expect(request.messages.at(-1)?.text).toBe('a\ufffd');
  },
  'the key goes in a header and nowhere else': async (fixture) => {
    const { headers, path } = await received(fixture, ask(fixture, 'hello'));
    expect(JSON.stringify(headers)).toContain(conformanceKey);
    expect(path).not.toContain(conformanceKey);
  },
} satisfies Record<string, Case>;
