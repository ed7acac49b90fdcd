import { createHash } from 'node:crypto';
import type { Usage } from '@reeve/protocol';
import { charactersPerToken } from './token-count.ts';
import { refuse, type StatusEnd } from './wires/model-wire.ts';
import { asRecord, asRecords, type JsonRecord } from './wires/read.ts';

export interface PromptCacheOptions {
  /** Shorter prefixes are not cached; 1,024 for most of Anthropic's models. */
  minTokens?: number;
  /** How long an entry lives after its last use; 5 minutes. */
  ttlMs?: number;
  /** Unix time in ms. */
  now: () => number;
}

/** The cache's figures so far. The static prefix of a request is its tools and its first system block. */
export interface PromptCacheFigures {
  staticSentTokens: number;
  staticReadTokens: number;
  /** Share of all static tokens sent that came from the cache, 0 to 1; 0 before the first request. */
  readonly staticPrefixReadShare: number;
}

export interface PromptCache {
  readonly figures: PromptCacheFigures;
  /** What the API refuses a request for, or null. */
  refusal(body: JsonRecord): StatusEnd | null;
  /** Reads and writes the cache as an answered request does; gives its usage. */
  use(body: JsonRecord, outputTokens: number): Usage;
}

interface Block {
  /** Every byte that the prefix up to this block's end is made of. */
  hash: string;
  /** Tokens of the prefix up to this block's end. */
  tokens: number;
  isMarked: boolean;
}

/** Positions that are looked at behind a breakpoint, itself included. */
const lookback = 20;
const mostBreakpoints = 4;

/**
 * Anthropic's rules of prompt caching: a prefix runs over tools, then system, then messages up to a block with
 * `cache_control`; only there entries are written, and a later request finds them up to 20 blocks before one of its
 * own breakpoints, when every byte before is the same. Tool choice and thinking change the bytes of messages only.
 */
export function createPromptCache({
  minTokens = 1024,
  ttlMs = 300_000,
  now,
}: PromptCacheOptions): PromptCache {
  const expiries = new Map<string, number>();
  const figures = {
    staticSentTokens: 0,
    staticReadTokens: 0,
    get staticPrefixReadShare() {
      return figures.staticSentTokens === 0 ? 0 : figures.staticReadTokens / figures.staticSentTokens;
    },
  };
  const isKept = (block: Block): boolean => (expiries.get(block.hash) ?? 0) > now();
  return {
    figures,
    refusal(body) {
      const count = blocksOf(body).blocks.filter((block) => block.isMarked).length;
      return count > mostBreakpoints
        ? refuse(400, `A maximum of 4 blocks with cache_control may be provided. Found ${count}.`)
        : null;
    },
    use(body, outputTokens) {
      const { blocks, staticTokens } = blocksOf(body);
      const hit = findHit(blocks, isKept);
      const read = hit < 0 ? 0 : blocks[hit]!.tokens;
      const written = blocks.filter((block, i) => block.isMarked && i > hit && block.tokens >= minTokens);
      // Use keeps what was read alive, and the shorter prefixes within it.
      for (const block of blocks.slice(0, hit + 1))
        if (isKept(block)) expiries.set(block.hash, now() + ttlMs);
      for (const block of written) expiries.set(block.hash, now() + ttlMs);
      figures.staticSentTokens += staticTokens;
      figures.staticReadTokens += Math.min(read, staticTokens);
      return {
        inputTokens: blocks.at(-1)?.tokens ?? 0,
        outputTokens,
        cacheReadTokens: read,
        cacheWriteTokens: (written.at(-1)?.tokens ?? read) - read,
      };
    },
  };
}

/** Index of the last block of the longest prefix in the cache, or -1. */
function findHit(blocks: Block[], isKept: (block: Block) => boolean): number {
  for (let end = blocks.length - 1; end >= 0; end -= 1) {
    if (!blocks[end]!.isMarked) continue;
    for (let i = end; i > end - lookback && i >= 0; i -= 1) if (isKept(blocks[i]!)) return i;
  }
  return -1;
}

function blocksOf(body: JsonRecord): { blocks: Block[]; staticTokens: number } {
  const blocks: Block[] = [];
  let hash = createHash('sha256').update(JSON.stringify(body['model'] ?? ''));
  let characters = 0;
  const add = (block: JsonRecord): void => {
    const { cache_control: mark, ...rest } = block;
    const text = JSON.stringify(rest);
    characters += text.length;
    hash = hash.update(`${text}\n`);
    blocks.push({
      hash: hash.copy().digest('hex'),
      tokens: Math.ceil(characters / charactersPerToken),
      isMarked: mark !== undefined && mark !== null,
    });
  };
  const tools = asRecords(body['tools']);
  const system = contentOf(body['system']);
  for (const tool of tools) add(tool);
  for (const block of system) add(block);
  const staticTokens = blocks[tools.length + Math.min(system.length, 1) - 1]?.tokens ?? 0;
  hash = hash.update(JSON.stringify([body['tool_choice'] ?? null, body['thinking'] ?? null]));
  for (const message of asRecords(body['messages'])) {
    hash = hash.update(`${message['role']}\n`);
    for (const block of contentOf(message['content'])) add(block);
  }
  // A mark on the request itself stands for one on its last block.
  const last = blocks.at(-1);
  if (last !== undefined && Object.keys(asRecord(body['cache_control'])).length > 0) last.isMarked = true;
  return { blocks, staticTokens };
}

const contentOf = (content: unknown): JsonRecord[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : asRecords(content);
