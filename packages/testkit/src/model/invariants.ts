import { type ChatBody, type ChatMessage, contentText } from './wire.ts';

const toolName = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * What is wrong with a chat-completions request: one sentence a fault, none when it is in order. These are the
 * rules that real servers enforce, so every test that speaks to the fake also checks the transcript it was sent.
 */
export function checkRequest(body: ChatBody, raw: string, forbidden: readonly string[]): string[] {
  const messages = body.messages ?? [];
  return [
    ...checkOrder(messages),
    ...checkToolAnswers(messages),
    ...messages.flatMap(checkContent),
    ...checkTools(body),
    ...forbidden.flatMap((secret, i) =>
      raw.includes(secret) ? [`the body holds forbidden string ${i}`] : [],
    ),
  ];
}

function checkOrder(messages: ChatMessage[]): string[] {
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

function checkToolAnswers(messages: ChatMessage[]): string[] {
  const found: string[] = [];
  let waiting = new Set<string>();
  const settle = (where: string): void => {
    for (const id of waiting) found.push(`${where}: tool call ${id} has no answer`);
    waiting = new Set();
  };
  messages.forEach((message, i) => {
    if (message.role === 'tool') {
      const id = message.tool_call_id ?? '';
      if (!waiting.delete(id)) found.push(`message ${i}: tool answer ${id} has no open call`);
      return;
    }
    settle(`message ${i}`);
    for (const call of message.tool_calls ?? []) {
      const id = call.id ?? '';
      if (id === '' || waiting.has(id)) found.push(`message ${i}: tool call id "${id}" is empty or repeated`);
      waiting.add(id);
    }
  });
  settle('the end');
  return found;
}

function checkContent(message: ChatMessage, i: number): string[] {
  const isEmpty = contentText(message.content) === '';
  switch (message.role) {
    case 'system':
    case 'user':
      return isEmpty ? [`message ${i}: ${message.role} without content`] : [];
    case 'assistant':
      return isEmpty && (message.tool_calls ?? []).length === 0
        ? [`message ${i}: assistant with neither content nor tool calls`]
        : [];
    case 'tool':
      return message.content == null ? [`message ${i}: tool without content`] : [];
    default:
      return [`message ${i}: unknown role ${message.role}`];
  }
}

function checkTools(body: ChatBody): string[] {
  const found: string[] = [];
  if (body.tools?.length === 0) found.push('tools is an empty list');
  const offered = (body.tools ?? []).map((tool) => tool.function?.name ?? '');
  if (new Set(offered).size !== offered.length) found.push('two tools have one name');
  const calls = (body.messages ?? []).flatMap((message) => message.tool_calls ?? []);
  for (const name of [...offered, ...calls.map((call) => call.function?.name ?? '')])
    if (!toolName.test(name)) found.push(`tool name "${name}" is not allowed`);
  for (const call of calls)
    if (!isJson(call.function?.arguments)) found.push(`arguments of tool call ${call.id} are not JSON`);
  return found;
}

function isJson(text: string | undefined): boolean {
  try {
    JSON.parse(text ?? '');
    return true;
  } catch {
    return false;
  }
}
