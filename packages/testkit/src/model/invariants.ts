import type { ModelMessage } from '@reeve/core';
import type { ScriptRequest } from './script.ts';
import type { SignatureLedger } from './signatures.ts';
import type { ParsedRequest } from './wires/model-wire.ts';

const toolName = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * What is wrong with a request: one sentence a fault, none when it is in order. These are the rules that real
 * servers enforce, so every test that speaks to the fake also checks the transcript it was sent. What only one
 * vendor demands is checked by its wire, which says so in `parsed.faults`.
 */
export function checkRequest(
  parsed: ParsedRequest,
  raw: string,
  forbidden: readonly string[],
  signatures: SignatureLedger,
): string[] {
  const { messages } = parsed.request;
  return [
    ...checkOrder(messages),
    ...checkToolAnswers(messages),
    ...messages.flatMap(checkContent),
    ...checkTools(parsed.request),
    ...checkThoughts(parsed, signatures),
    ...parsed.faults,
    ...forbidden.flatMap((secret, i) =>
      raw.includes(secret) ? [`the body holds forbidden string ${i}`] : [],
    ),
  ];
}

function checkOrder(messages: ModelMessage[]): string[] {
  const found: string[] = [];
  if (messages.length === 0) found.push('there are no messages');
  messages.forEach((message, i) => {
    const before = messages[i - 1];
    if (message.role === 'system' && before !== undefined && before.role !== 'system')
      found.push(`message ${i}: system is not first`);
    if (message.role === 'assistant' && before?.role === 'assistant')
      found.push(`message ${i}: two assistant messages in a row`);
  });
  const last = messages.at(-1);
  if (last !== undefined && last.role !== 'user' && last.role !== 'tool')
    found.push(`the last message is of role ${last.role}`);
  return found;
}

function checkToolAnswers(messages: ModelMessage[]): string[] {
  const found: string[] = [];
  let waiting = new Set<string>();
  const settle = (where: string): void => {
    for (const id of waiting) found.push(`${where}: tool call ${id} has no answer`);
    waiting = new Set();
  };
  messages.forEach((message, i) => {
    if (message.role === 'tool') {
      if (!waiting.delete(message.callId))
        found.push(`message ${i}: tool answer ${message.callId} has no open call`);
      return;
    }
    settle(`message ${i}`);
    for (const { id } of message.role === 'assistant' ? message.toolCalls : []) {
      if (id === '' || waiting.has(id)) found.push(`message ${i}: tool call id "${id}" is empty or repeated`);
      waiting.add(id);
    }
  });
  settle('the end');
  return found;
}

function checkContent(message: ModelMessage, i: number): string[] {
  switch (message.role) {
    case 'user':
      return message.text === '' && message.images === undefined
        ? [`message ${i}: user without content`]
        : [];
    case 'system':
      return message.text === '' ? [`message ${i}: system without content`] : [];
    case 'assistant':
      return message.text === '' && message.toolCalls.length === 0
        ? [`message ${i}: assistant with neither content nor tool calls`]
        : [];
    case 'tool':
      return [];
  }
}

function checkTools({ messages, toolNames, toolChoice }: ScriptRequest): string[] {
  const found: string[] = [];
  if (new Set(toolNames).size !== toolNames.length) found.push('two tools have one name');
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  for (const name of [...toolNames, ...calls.map((call) => call.name)])
    if (!toolName.test(name)) found.push(`tool name "${name}" is not allowed`);
  for (const call of calls)
    if (typeof call.args !== 'object' || call.args === null || Array.isArray(call.args))
      found.push(`arguments of tool call ${call.id} are not JSON of an object`);
  if (typeof toolChoice === 'object' && !toolNames.includes(toolChoice.tool))
    found.push(`the tool to choose, "${toolChoice.tool}", is not on offer`);
  if (toolChoice === 'required' && toolNames.length === 0)
    found.push('a tool is required and none is on offer');
  return found;
}

/**
 * Thinking belongs to the run it was thought in: there it goes back signed and unchanged, with the calls it led to;
 * later it is stripped (F049), and as plain text it is never sent.
 */
function checkThoughts({ request, thoughts, demandsSignatures }: ParsedRequest, ledger: SignatureLedger) {
  const found: string[] = [];
  const { messages } = request;
  // A user message between two steps (steering) ends the turn for the vendors, and not our run: there signatures
  // may come and need not.
  const runStart = messages.findLastIndex(
    (message) => message.role === 'assistant' && message.toolCalls.length === 0,
  );
  const turnStart = messages.findLastIndex((message) => message.role === 'user');
  messages.forEach((message, i) => {
    if (message.role !== 'assistant') return;
    const carried = thoughts.get(message) ?? [];
    if (carried.length > 0 && i <= runStart)
      found.push(`message ${i}: thinking of an earlier turn is sent again`);
    for (const { signature, text } of carried) {
      if (signature === null) continue;
      const signed = ledger.thinkingOf(signature);
      if (signed === undefined) found.push(`message ${i}: signature "${signature}" was not issued here`);
      else if (text !== '' && text !== signed) found.push(`message ${i}: signed thinking was changed`);
    }
    const [first] = message.toolCalls;
    if (demandsSignatures && i > turnStart && first !== undefined) {
      const good = ledger.signaturesOf({ name: first.name, argumentsText: JSON.stringify(first.args) });
      if (good.size > 0 && !carried.some(({ signature }) => good.has(signature ?? '')))
        found.push(`message ${i}: tool call ${first.id} comes without the signature it was given`);
    }
    if (ledger.repeatedIn(message.text) !== undefined)
      found.push(`message ${i}: thinking is sent as plain text`);
  });
  return found;
}
