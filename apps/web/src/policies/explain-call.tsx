import type { Json, PolicyAnswer } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peopleQuery, useMay } from '../api/account.ts';
import { client } from '../api/client.ts';
import { RiskBadge } from '../approvals/approval-card.tsx';
import { t } from '../lib/i18n.ts';
import { policyIn } from '../lib/record-texts.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { AreaField, CheckField, SelectField, TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Badge, Section, type Tone } from '../ui/section.tsx';

const tones: Record<PolicyAnswer['outcome'], Tone> = { allow: 'good', ask: 'accent', deny: 'bad' };

/** What the policies would say to a call, why, and what would change it. */
export const ExplainCall = () => {
  const may = useMay();
  const [answer, setAnswer] = useState<PolicyAnswer | null>(null);
  const [isWrong, setIsWrong] = useState(false);
  const { data: people = [] } = useQuery({ ...peopleQuery, enabled: may('user:manage') });
  const { data: tools = [] } = useQuery({
    queryKey: ['tools'],
    queryFn: async ({ signal }) => (await client.system.tools(undefined, { signal })).tools,
  });
  return (
    <Section title={t('policy.explain')} detail={t('policy.explainDetail')}>
      <Form
        aria-label={t('policy.explain')}
        className="rounded-xl border border-line bg-raised p-4"
        submit={t('policy.ask')}
        onSubmit={async (fields) => {
          setAnswer(null);
          const args = parsed(fields.text('args'));
          setIsWrong(args === undefined);
          if (args === undefined) return;
          const user = fields.optional('user');
          setAnswer(
            await client.policies.explain({
              tool: fields.text('tool'),
              args,
              channel: fields.optional('channel') ?? 'web',
              isAttended: fields.isOn('isAttended'),
              ...(user !== undefined && { user }),
            }),
          );
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            name="tool"
            label={t('policy.tool')}
            options={tools.map(({ name }) => [name, name] as const)}
          />
          {people.length > 1 && (
            <SelectField
              name="user"
              label={t('policy.caller')}
              options={[['', t('policy.me')], ...people.map(({ id, name }) => [id, name] as const)]}
            />
          )}
          <TextField name="channel" label={t('policy.channel')} defaultValue="web" />
        </div>
        <AreaField
          name="args"
          label={t('policy.args')}
          spellCheck={false}
          className="field-sizing-content font-mono text-xs"
          defaultValue="{}"
          aria-invalid={isWrong}
          detail={isWrong && <span className="text-bad">{t('policy.argsWrong')}</span>}
        />
        <CheckField name="isAttended" label={t('policy.attended')} defaultChecked />
      </Form>
      <div role="status">{answer && <Explanation answer={answer} />}</div>
    </Section>
  );
};

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text || '{}') as Json;
  } catch {
    return undefined;
  }
};

const Explanation = ({ answer: { outcome, risk, rules, call, unattended } }: { answer: PolicyAnswer }) => (
  <div className="mt-4 space-y-4 rounded-xl border border-line bg-raised p-4 text-sm">
    <p className="flex flex-wrap items-center gap-2">
      <Badge tone={tones[outcome]}>{t(`policy.outcome.${outcome}`)}</Badge>
      <RiskBadge risk={risk} />
    </p>
    {rules.length > 0 && <p className="text-soft">{t('approval.rules', { rules: rules.join(', ') })}</p>}
    <Reasons title={t('policy.mayCall')} decided={call} />
    {call.isAllowed && <Reasons title={t('policy.mayCallUnasked')} decided={unattended} />}
  </div>
);

const Reasons = ({ title, decided }: { title: string; decided: PolicyAnswer['call'] }) => {
  const texts = useGatewayTexts();
  return (
    <section aria-label={title}>
      <h3 className="font-medium">
        {title}{' '}
        <Badge tone={decided.isAllowed ? 'good' : 'bad'}>
          {t(decided.isAllowed ? 'policy.yes' : 'approval.no')}
        </Badge>
      </h3>
      {decided.reasons.length === 0 && <p className="text-soft">{t('policy.nobody')}</p>}
      <ul className="mt-1 space-y-1">
        {decided.reasons.map(({ policy, tier, effect, description }) => (
          <li key={policy} className="[overflow-wrap:anywhere]">
            <code className="font-mono">{policy}</code>{' '}
            <span className="text-soft">
              {`(${t(`policy.tier.${tier}`)}) ${t(effect === 'permit' ? 'policy.permits' : 'policy.forbids')}: ${policyIn(texts, policy, description)}`}
            </span>
          </li>
        ))}
      </ul>
      {decided.wouldChange.length > 0 && (
        <>
          <p className="mt-2 text-soft">{t('policy.wouldChange')}</p>
          <ul className="list-disc pl-5">
            {decided.wouldChange.map(({ what, from, to, isAllowed }) => (
              <li key={`${what} ${JSON.stringify(to)}`}>
                {t('policy.change', { what, from: JSON.stringify(from), to: JSON.stringify(to) })},{' '}
                {t(isAllowed ? 'policy.becomesYes' : 'policy.becomesNo')}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
};
