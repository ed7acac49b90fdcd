import type { Approval, ApprovalAnswer, ApprovalScope } from '@reeve/protocol';
import { type FormEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { useNameOf } from '../api/account.ts';
import { answerApproval } from '../api/approvals.ts';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { CodeText } from '../ui/code-text.tsx';
import { AreaField } from '../ui/field.tsx';
import { FaultLine, useWork } from '../ui/form.tsx';
import { showToast } from '../ui/toasts.tsx';

/** What more is asked before an answer goes: words for a no, a reason, a look at the policy. */
type Step = { kind: 'choose' } | { kind: 'instead' } | { kind: 'allow'; scope: ApprovalScope };

/** A key that was on its way to somewhere else when the focus came here is no answer. */
const armedAfterMs = 500;

/** Answers on offer. "No" comes first and has the focus. */
export const AnswerForm = ({
  approval: { id, risk, scopes, policy, alwaysWithheld },
  isFocused,
  onAnswered,
}: {
  approval: Approval;
  isFocused: boolean;
  onAnswered?: () => void;
}) => {
  const nameOf = useNameOf();
  const { isBusy, fault, run } = useWork();
  const [step, setStep] = useState<Step>({ kind: 'choose' });
  const no = useRef<HTMLButtonElement>(null);
  const armedAt = useRef(0);
  useEffect(() => {
    const active = document.activeElement;
    const isTyping = active instanceof HTMLTextAreaElement && active.value !== '';
    if (!isFocused || isTyping) return;
    armedAt.current = performance.now() + armedAfterMs;
    no.current?.focus({ preventScroll: true });
  }, [isFocused]);

  const answer = (given: ApprovalAnswer) =>
    run(async () => {
      const { approval, isFirst } = await answerApproval(id, given);
      if (!isFirst)
        showToast(t('approval.late', { name: approval.settled?.by ? nameOf(approval.settled.by) : '' }));
      onAnswered?.();
    });
  const deny = (event: MouseEvent) => {
    const isByKey = event.detail === 0;
    if (!isByKey || performance.now() >= armedAt.current) void answer({ decision: 'deny' });
  };
  const allow = (scope: ApprovalScope) => {
    if (risk === 'critical' || scope === 'always') setStep({ kind: 'allow', scope });
    else void answer({ decision: 'approve', scope });
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note') ?? '');
    void answer(
      step.kind === 'allow' ? { decision: 'approve', scope: step.scope, note } : { decision: 'deny', note },
    );
  };

  return (
    <form className="space-y-3" onSubmit={submit} aria-label={t('approval.answers')}>
      {step.kind === 'choose' && (
        <div className="flex flex-wrap gap-2">
          <Button ref={no} disabled={isBusy} onClick={deny}>
            {t('approval.no')}
          </Button>
          <Button disabled={isBusy} onClick={() => setStep({ kind: 'instead' })}>
            {t('approval.instead')}
          </Button>
          {scopes.map((scope) => (
            <Button key={scope} disabled={isBusy} onClick={() => allow(scope)}>
              {t(`approval.allow.${scope}`)}
            </Button>
          ))}
        </div>
      )}
      {step.kind === 'choose' && alwaysWithheld && (
        <p className="text-xs text-soft">{t(`approval.withheld.${alwaysWithheld}`)}</p>
      )}
      {step.kind === 'instead' && (
        <AreaField
          name="note"
          label={t('approval.insteadLabel')}
          detail={t('approval.insteadDetail')}
          required
          autoFocus
          maxLength={4_000}
        />
      )}
      {step.kind === 'allow' && step.scope === 'always' && (
        <div className="space-y-2">
          <p>{t('approval.alwaysDetail')}</p>
          <CodeText label={t('policy')} text={policy ?? ''} />
        </div>
      )}
      {step.kind === 'allow' && risk === 'critical' && (
        <AreaField
          name="note"
          label={t('approval.reason')}
          detail={t('approval.reasonDetail')}
          required
          autoFocus
          maxLength={4_000}
        />
      )}
      {step.kind !== 'choose' && (
        <div className="flex flex-wrap gap-2">
          <Button kind="quiet" onClick={() => setStep({ kind: 'choose' })}>
            {t('cancel')}
          </Button>
          <Button kind="main" type="submit" disabled={isBusy}>
            {t(step.kind === 'instead' ? 'approval.sendInstead' : `approval.allow.${step.scope}`)}
          </Button>
        </div>
      )}
      {fault && <FaultLine fault={fault} />}
    </form>
  );
};
