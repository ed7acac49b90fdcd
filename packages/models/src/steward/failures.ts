import { z } from 'zod';
import type { ToolResult } from './conversation.ts';
import type { Texts } from './texts/index.ts';

/** How Reeve tells a model that a call was refused or failed; tools may fail in words of their own. */
const faultShape = z.object({
  error: z.object({ code: z.string(), message: z.string(), next: z.string().optional() }),
});
/** How a refusal tells what the person said besides. */
const noteLead = 'A person said no to this, and: ';
const maxLength = 300;

/** A sentence for a call that was not allowed; null for every other failure. */
export const refusalText = (result: ToolResult, t: Texts): string | null => {
  const said = faultOf(result);
  if (said === null || !Object.hasOwn(t.refused, said.code)) return null;
  const note = said.message.startsWith(noteLead) ? said.message.slice(noteLead.length, maxLength) : '';
  return t.refused[said.code as keyof Texts['refused']](note);
};

/** What went wrong in words: never the JSON that models are given. */
export const failureText = (result: ToolResult): string => {
  const said = faultOf(result);
  const text = said === null ? result.text : [said.message, said.next].filter(Boolean).join(' ');
  return text.slice(0, maxLength);
};

const faultOf = ({ text }: ToolResult): z.infer<typeof faultShape>['error'] | null => {
  try {
    return faultShape.parse(JSON.parse(text)).error;
  } catch {
    return null;
  }
};
