import type { ThinkingWish } from '../script.ts';
import { asRecord, asRecords, asText, emptyTools, type JsonRecord } from './read.ts';

/** What the API refuses with status 400: see "Messages" and "Extended thinking" in its documentation. */
export function checkBody(body: JsonRecord, thinking: ThinkingWish | null): string[] {
  const messages = asRecords(body['messages']);
  const maxTokens = body['max_tokens'];
  const budget = thinking?.budgetTokens;
  const found = [...emptyTools(body['tools']), ...messages.flatMap(checkMessage)];
  if (typeof maxTokens !== 'number') found.push('max_tokens is missing');
  else if (budget !== undefined && budget >= maxTokens)
    found.push('max_tokens is not greater than thinking.budget_tokens');
  if (budget !== undefined && budget < 1024) found.push('thinking.budget_tokens is less than 1024');
  if (messages[0] !== undefined && messages[0]['role'] !== 'user')
    found.push('the first message is not of role user');
  if (typeof body['temperature'] === 'number' && body['temperature'] > 1)
    found.push('temperature is greater than 1');
  if (thinking?.isOn === true) found.push(...checkThinking(body));
  return found;
}

function checkThinking(body: JsonRecord): string[] {
  const found: string[] = [];
  if (body['temperature'] !== undefined && body['temperature'] !== 1)
    found.push('temperature is set while thinking is on');
  if (body['top_k'] !== undefined) found.push('top_k is set while thinking is on');
  if (typeof body['top_p'] === 'number' && body['top_p'] < 0.95)
    found.push('top_p is less than 0.95 while thinking is on');
  // Adaptive thinking may be left out by the model, and so it may be missing and tools be forced.
  return asRecord(body['thinking'])['type'] === 'enabled' ? [...found, ...checkManualThinking(body)] : found;
}

function checkManualThinking(body: JsonRecord): string[] {
  const found: string[] = [];
  const choice = asRecord(body['tool_choice'])['type'];
  if (choice === 'any' || choice === 'tool') found.push('a tool is forced while thinking is on');
  // The turn begins behind the last message that is the user's own, which holds no tool result.
  const messages = asRecords(body['messages']);
  const start = messages.findLastIndex(
    (message) => message['role'] === 'user' && !blockTypes(message).includes('tool_result'),
  );
  const first = messages.slice(start + 1).find((message) => message['role'] === 'assistant');
  const types = first === undefined ? [] : blockTypes(first);
  if (types.includes('tool_use') && types[0] !== 'thinking' && types[0] !== 'redacted_thinking')
    found.push(`expected thinking first in the turn of the last tool_use, but found ${types[0]}`);
  return found;
}

const blockTypes = (message: JsonRecord): unknown[] =>
  typeof message['content'] === 'string'
    ? ['text']
    : asRecords(message['content']).map((block) => block['type']);

function checkMessage(message: JsonRecord, i: number): string[] {
  const { role, content } = message;
  if (role !== 'user' && role !== 'assistant') return [`message ${i}: unknown role ${role}`];
  const blocks = typeof content === 'string' ? [] : asRecords(content);
  const types = blocks.map((block) => block['type']);
  const found: string[] = [];
  if (blocks.some((block) => block['type'] === 'text' && asText(block['text']).trim() === ''))
    found.push(`message ${i}: text block without text`);
  const lastResult = types.lastIndexOf('tool_result');
  if (types.slice(0, lastResult + 1).some((type) => type !== 'tool_result'))
    found.push(`message ${i}: tool_result behind other content`);
  if (role === 'assistant' && types.slice(1).includes('thinking') && types[0] !== 'thinking')
    found.push(`message ${i}: thinking is not first`);
  return found;
}
