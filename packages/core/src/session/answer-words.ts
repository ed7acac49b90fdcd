import { parseSlashCommand, type SlashCommandName } from '@reeve/protocol';
import type { Actor } from '../gate/actor.ts';
import type { Approvals } from '../gate/approvals.ts';
import type { AcceptInput } from './chat.ts';

const yes = '(?:yes|ja|ok|okay|approve|erlauben)';
const no = '(?:no|nein|deny|ablehnen)';
const allowed = new RegExp(`^${yes}\\s*[.!]*$`, 'iu');
const allowedBecause = new RegExp(`^${yes}\\s*[,:;–—-]?\\s*((?:because|since|weil|denn|da)\\s.+)$`, 'isu');
const refused = new RegExp(`^${no}\\s*[.!]*$`, 'iu');
const refusedWith = new RegExp(`^${no}\\s*[,:;–—-]\\s*(.+)$`, 'isu');

/** Longest text that can be an answer, characters. */
const limit = 1_000;

/** What a text means when it is an answer to a question and nothing else: yes, yes with a reason, no, no and what instead. */
export const parseAnswerWords = (text: string): { decision: 'approve' | 'deny'; note: string } | null => {
  const said = text.trim();
  if (said.length > limit) return null;
  if (allowed.test(said)) return { decision: 'approve', note: '' };
  if (refused.test(said)) return { decision: 'deny', note: '' };
  const reason = allowedBecause.exec(said)?.[1];
  if (reason !== undefined) return { decision: 'approve', note: reason };
  const instead = refusedWith.exec(said)?.[1];
  return instead === undefined ? null : { decision: 'deny', note: instead };
};

type Given = { name: SlashCommandName; rest: string };

/** A repeated answer whose question is known no more: it was settled meanwhile, perhaps by that answer itself. */
export const repeatedAnswer = (text: string): Given | null => {
  const answer = parseAnswerWords(text);
  return answer && { name: answer.decision, rest: '' };
};

/**
 * Tells a command from a message: a slash command, or the answer to the one question of its session that waits for
 * whoever wrote it. When several questions wait nobody knows which is meant, and it stays a message. Neither comes from
 * a schedule or along with the results of tools.
 */
export const createCommandOf =
  (approvals: Pick<Approvals, 'list'>) =>
  async (actor: Actor, input: AcceptInput): Promise<Given | null> => {
    if (input.sender || input.toolResults) return null;
    const command = parseSlashCommand(input.text);
    if (command) return command;
    const sessionId = input.sessionId ?? input.newSession?.id;
    // What programs write to the OpenAI surface is made for a model: a "yes" there may be nobody's word.
    if (sessionId === undefined || actor.channel === 'openai' || input.images?.length) return null;
    const answer = parseAnswerWords(input.text);
    if (!answer) return null;
    const waiting = await approvals.list(actor, { status: 'pending', sessionId, limit: 2 });
    const [question] = waiting;
    if (waiting.length !== 1 || !question!.mayDecide) return null;
    const scope = answer.decision === 'approve' ? ' once' : '';
    return { name: answer.decision, rest: `${question!.id}${scope} ${answer.note}`.trim() };
  };
