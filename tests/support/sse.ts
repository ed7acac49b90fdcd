import type { IncomingMessage } from 'node:http';
import type { Harness } from '@reeve/testkit';
import { type Ask, bearer, open } from './http.ts';

export interface Frame {
  id?: string;
  event?: string;
  // biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked at, not typed.
  data?: any;
  comment?: string;
}

/** The frames of a server-sent event stream as they lie on the wire, comments too. */
export async function* framesOf(incoming: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest = '';
  for await (const chunk of incoming) {
    const blocks = (rest + chunk.toString('utf8')).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) yield parse(block);
  }
}

const parse = (block: string): Frame => {
  const frame: Frame = {};
  for (const line of block.split('\n')) {
    const [, field, value] = /^([a-z]*): ?(.*)$/.exec(line) ?? [];
    if (field === '') frame.comment = value!;
    else if (field === 'data') frame.data = isJson(value!) ? JSON.parse(value!) : value;
    else if (field === 'id' || field === 'event') frame[field] = value!;
  }
  return frame;
};

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

export interface EventSource extends AsyncDisposable {
  incoming: IncomingMessage;
  /** Frames up to and with the first that matches; throws when the stream ends before. */
  until(matches: (frame: Frame) => boolean): Promise<Frame[]>;
  /** All that is left. */
  rest(): Promise<Frame[]>;
  close(): void;
}

/** Opens a stream of the gateway as the owner and reads it frame by frame. */
export const openEvents = async (
  harness: Harness,
  path: string,
  { headers = {}, ...options }: Ask = {},
): Promise<EventSource> => {
  const incoming = await open(harness.url + path, {
    ...options,
    headers: { ...bearer(harness), ...headers },
  });
  const frames = framesOf(incoming);
  const close = () => void incoming.destroy();
  const until = async (matches: (frame: Frame) => boolean) => {
    const seen: Frame[] = [];
    for (;;) {
      const { done, value } = await frames.next();
      if (done) throw new Error(`the stream ended after ${JSON.stringify(seen)}`);
      seen.push(value);
      if (matches(value)) return seen;
    }
  };
  const rest = async () => {
    const seen: Frame[] = [];
    for await (const frame of frames) seen.push(frame);
    return seen;
  };
  return { incoming, until, rest, close, [Symbol.asyncDispose]: async () => close() };
};

/** Path of a session's stream. */
export const streamPath = (query: Record<string, string | number>) =>
  `/api/chat/stream?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`;
