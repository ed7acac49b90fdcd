import type { Approval, ApprovalCall, Risk } from '@reeve/protocol';
import { type ReactNode, useId } from 'react';
import { useNameOf } from '../api/account.ts';
import { parseUnified } from '../lib/diff.ts';
import { formatDateTime, formatLeft } from '../lib/format.ts';
import { phraseIn } from '../lib/gateway-texts.ts';
import { t, tCount } from '../lib/i18n.ts';
import { policyIn } from '../lib/record-texts.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { useNow } from '../lib/use-now.ts';
import { CodeText } from '../ui/code-text.tsx';
import { DiffView } from '../ui/diff-view.tsx';
import { Icon } from '../ui/icons.tsx';
import { Badge, type Tone } from '../ui/section.tsx';
import { AnswerForm } from './answer-form.tsx';

const riskTones: Record<Risk, Tone> = { low: 'good', medium: 'accent', high: 'bad', critical: 'bad' };

export const RiskBadge = ({ risk }: { risk: Risk }) => (
  <Badge tone={riskTones[risk]}>{t(`risk.${risk}`)}</Badge>
);

/** A question about calls, exactly as they would be made, and where it is answered. */
export const ApprovalCard = ({
  approval,
  place,
  isFocused = false,
  heading: Heading = 'h3',
  onAnswered,
}: {
  approval: Approval;
  /** Where the question stands, when that is not here. */
  place?: ReactNode;
  /** Whether the focus goes to it, on "no". */
  isFocused?: boolean;
  /** By what stands above it. */
  heading?: 'h2' | 'h3';
  onAnswered?: () => void;
}) => {
  const id = useId();
  const nameOf = useNameOf();
  const texts = useGatewayTexts();
  const isPending = approval.status === 'pending';
  const now = useNow(isPending);
  const isOver = isPending && approval.expiresAt <= now;
  const { calls, risk, policies, requestedBy, channel, createdAt } = approval;
  return (
    <article
      aria-labelledby={id}
      className={`rounded-xl border bg-raised text-sm ${isPending && !isOver ? 'border-accent' : 'border-line'}`}
    >
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-3">
        <Icon name="bell" className={isPending ? 'text-accent' : 'text-soft'} />
        <Heading id={id} className="min-w-0 flex-1 basis-48 font-semibold">
          {calls.length === 1
            ? t('approval.title', { tool: calls[0]!.tool })
            : tCount('approval.calls', calls.length)}
        </Heading>
        <RiskBadge risk={risk} />
        {isPending && (
          <span role="timer" className="text-xs text-soft tabular-nums">
            {isOver ? t('approval.over') : t('approval.left', { time: formatLeft(approval.expiresAt - now) })}
          </span>
        )}
      </header>
      <div className="space-y-4 px-4 py-3">
        {calls.map((call) => (
          <CallDetails key={`${call.callKey} ${call.digest}`} call={call} isOne={calls.length === 1} />
        ))}
        <p className="text-xs text-soft [overflow-wrap:anywhere]">
          {t('approval.asked', { name: nameOf(requestedBy), channel, time: formatDateTime(createdAt) })}
          {policies.length > 0 &&
            ` ${t('approval.because', { policies: policies.map((one) => policyIn(texts, one, phraseIn(texts, one))).join(', ') })}`}
          {place && <> {place}</>}
        </p>
        {isPending && !isOver ? (
          approval.mayDecide ? (
            <AnswerForm approval={approval} isFocused={isFocused} {...(onAnswered && { onAnswered })} />
          ) : (
            <p className="text-soft">{t('approval.notYours')}</p>
          )
        ) : (
          <Settled approval={approval} />
        )}
      </div>
    </article>
  );
};

/** How it ended, and by whose word. */
const Settled = ({ approval: { status, settled } }: { approval: Approval }) => {
  const nameOf = useNameOf();
  const isYes = status === 'approved';
  return (
    <div role="status" className="flex items-start gap-2">
      <Icon
        name={isYes ? 'check' : 'close'}
        size={16}
        className={`mt-0.5 shrink-0 ${isYes ? 'text-good' : 'text-bad'}`}
      />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p>
          {t(`approval.status.${status === 'pending' ? 'expired' : status}`)}{' '}
          {settled?.by && (
            <span className="text-soft">
              {t('approval.settledBy', {
                name: nameOf(settled.by),
                channel: settled.channel,
                time: formatDateTime(settled.at),
              })}
            </span>
          )}
        </p>
        {isYes && settled && settled.scope !== 'once' && (
          <p className="text-soft">{t(`approval.scope.${settled.scope}`)}</p>
        )}
        {settled?.note && <p className="text-soft">{t('approval.note', { note: settled.note })}</p>}
      </div>
    </div>
  );
};

/** The exact call: nothing is left out, nothing is said in other words. */
const CallDetails = ({
  call: { tool, target, args, risk, rules, preview },
  isOne,
}: {
  call: ApprovalCall;
  isOne: boolean;
}) => (
  <div className="space-y-2">
    <p className="flex flex-wrap items-center gap-2">
      <code className="font-mono font-medium">{tool}</code>
      {target !== '' && <code className="font-mono text-soft [overflow-wrap:anywhere]">{target}</code>}
      {!isOne && <RiskBadge risk={risk} />}
    </p>
    {rules.length > 0 && (
      <p className="text-xs text-soft">{t('approval.rules', { rules: rules.join(', ') })}</p>
    )}
    <CodeText label={t('call.arguments')} text={JSON.stringify(args, null, 2)} />
    {preview !== undefined && (
      <>
        <p className="text-xs font-medium text-soft">{t('approval.preview')}</p>
        <DiffView label={t('approval.preview')} lines={parseUnified(preview)} />
      </>
    )}
  </div>
);
