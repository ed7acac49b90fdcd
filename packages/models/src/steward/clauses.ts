import { notUnderstood } from './intents/fallback.ts';
import { findPlan } from './intents/index.ts';
import type { Plan } from './plan.ts';
import { createUtterance, type Setting, tidy, type Utterance } from './utterance.ts';

export interface Planned {
  plan: Plan;
  utterance: Utterance;
  kind: 'chat' | 'read' | 'write' | 'last';
}

/** Commands are short. What is longer is somebody's text, and not searched for commands. In UTF-16 code units. */
const maxCommand = 4000;
/** Commands of one message that are worked off. */
const maxCommands = 5;

const joint = /(?:[.!?;]\s+|\n+|,?\s+(?:and|und)\s+(?:(?:then|also|dann|auch)\s+)?|,\s+(?:then|dann)\s+)/giu;
const sentenceEnd = /(?<=[.!?;])\s+|\n+/u;

/**
 * The plans for a message, in order. It is divided at “and” and at the ends of sentences only where both sides are
 * clear commands: “remember that Ann likes tea and cake” is one. Greetings and thanks beside a command are dropped.
 */
export const splitCommands = async (message: string, setting: Setting): Promise<Planned[]> => {
  const whole = message.normalize('NFC').trim();
  if (whole.length > maxCommand) {
    return [{ plan: notUnderstood(setting.t), utterance: createUtterance('', setting), kind: 'last' }];
  }
  const parts = await divide(whole, setting, maxCommands);
  const wanted = parts.filter((part) => part.kind !== 'chat');
  if (parts.length === 1 && parts[0]!.kind === 'last')
    return (await harmlessSentence(whole, setting)) ?? parts;
  return wanted.length === 0 ? parts.slice(-1) : wanted;
};

const divide = async (text: string, setting: Setting, most: number): Promise<Planned[]> => {
  if (most > 1) {
    // A part of a message is no answer to a question before it; only the whole can be.
    const alone = { ...setting, earlier: [] };
    for (const match of [...text.matchAll(joint)].slice(0, 20)) {
      const left = text.slice(0, match.index + (/^[!?]/.test(match[0]) ? 1 : 0));
      const right = text.slice(match.index + match[0].length);
      if (left.trim() === '' || right.trim() === '') continue;
      const first = await planOf(left, alone);
      if (first.kind === 'last') continue;
      const rest = await divide(right, alone, most - 1);
      if (rest[0]!.kind !== 'last') return [first, ...rest];
    }
  }
  return [await planOf(text, setting)];
};

/** Small talk around one question (“Long day today. What time is it in Tokyo?”): the question is answered when that has no effect. */
const harmlessSentence = async (text: string, setting: Setting): Promise<Planned[] | null> => {
  const sentences = text.split(sentenceEnd).filter((sentence) => sentence.trim() !== '');
  if (sentences.length < 2 || sentences.length > 4) return null;
  const plans = await Promise.all(sentences.map((sentence) => planOf(sentence, setting)));
  const clear = plans.filter((plan) => plan.kind === 'read');
  return clear.length === 0 || plans.some((plan) => plan.kind === 'write') ? null : clear;
};

const planOf = async (text: string, setting: Setting): Promise<Planned> => {
  const utterance = createUtterance(tidy(text), setting);
  const isCommand = async (other: string) =>
    (await findPlan(createUtterance(tidy(other), { ...setting, earlier: [] }), isNoCommand)).kind !== 'last';
  return { ...(await findPlan(utterance, isCommand)), utterance };
};

const isNoCommand = async () => false;
