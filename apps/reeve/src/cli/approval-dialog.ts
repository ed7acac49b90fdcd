import type { Approval, ApprovalAnswer } from '@reeve/protocol';

/** What to do after a line: ask on, show everything, or answer. */
export type DialogStep =
  | { kind: 'ask'; say: string | null }
  | { kind: 'show' }
  | { kind: 'answer'; answer: ApprovalAnswer };

/** Turns the lines that somebody types below a question into an answer. Nothing typed means no. */
export interface ApprovalDialog {
  prompt(): string;
  take(line: string): DialogStep;
}

const once = /^(y|yes|j|ja|ok|approve|erlauben)$/i;
const no = /^(n|no|nein|deny|ablehnen)$/i;
const noWith = /^(?:n|no|nein|deny|ablehnen)\s*[,:;–—-]?\s+(.+)$/is;

const withheld: Record<NonNullable<Approval['alwaysWithheld']>, string> = {
  risk: 'It is too risky to be allowed always.',
  calls: 'It is about more than one tool, or a plan, and cannot be allowed always.',
  tenant: 'Only the owner of this Reeve says what is allowed always.',
  permission: 'Only who may write policies can allow it always.',
};

export const createApprovalDialog = ({ risk, scopes, policy, alwaysWithheld }: Approval): ApprovalDialog => {
  let waitsFor: 'choice' | 'reason' | 'sure' = 'choice';
  const choices = [
    'y',
    'N',
    ...(scopes.includes('session') ? ['s(ession)'] : []),
    ...(scopes.includes('always') ? ['a(lways)'] : []),
    'v(iew)',
  ].join('/');
  const ask = (say: string | null = null): DialogStep => ({ kind: 'ask', say });
  const answer = (
    decision: 'approve' | 'deny',
    scope: 'once' | 'session' | 'always',
    note = '',
  ): DialogStep => ({
    kind: 'answer',
    answer: { decision, scope, note },
  });
  const deny = (note = '') => answer('deny', 'once', note);

  const choose = (text: string): DialogStep => {
    if (text === '' || no.test(text)) return deny();
    const instead = noWith.exec(text)?.[1];
    if (instead !== undefined) return deny(instead);
    if (/^(v|view|all)$/i.test(text)) return { kind: 'show' };
    if (once.test(text)) {
      if (risk !== 'critical') return answer('approve', 'once');
      waitsFor = 'reason';
      return ask();
    }
    if (scopes.includes('session') && /^(s|session)$/i.test(text)) return answer('approve', 'session');
    if (/^(a|always)$/i.test(text) && alwaysWithheld) return ask(withheld[alwaysWithheld]);
    if (scopes.includes('always') && /^(a|always)$/i.test(text)) {
      waitsFor = 'sure';
      return ask(`This policy would be written:\n${policy ?? ''}`);
    }
    return ask(
      'Type y to allow it once, n (or nothing) for no, "n, …" to say what to do instead, v to see all of it.',
    );
  };

  return {
    prompt: () =>
      waitsFor === 'reason'
        ? 'Why? '
        : waitsFor === 'sure'
          ? 'Write it and allow it always? [y/N] '
          : `Allow? [${choices}] `,
    take(line) {
      const text = line.trim();
      if (waitsFor === 'choice') return choose(text);
      if (waitsFor === 'reason') return text === '' ? deny() : answer('approve', 'once', text);
      waitsFor = 'choice';
      return once.test(text) ? answer('approve', 'always') : ask('Nothing was written.');
    },
  };
};
