import {
  type PolicyException,
  type PolicyRuleInput,
  policyExceptions,
  type ToolLevel,
  toolLevels,
} from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { peopleQuery, useMay } from '../api/account.ts';
import { client } from '../api/client.ts';
import { useModels } from '../api/models.ts';
import { queries } from '../api/queries.tsx';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { AreaField, CheckField, SelectField, TextField } from '../ui/field.tsx';
import { type Fields, Form } from '../ui/form.tsx';
import { Section } from '../ui/section.tsx';
import { showToast } from '../ui/toasts.tsx';
import { policiesChanged } from './policy-key.ts';

const kinds = [
  'tool',
  'model',
  'tool-list',
  'model-list',
  'quiet-hours',
  'channel-tools',
  'exception',
] as const;
type Kind = (typeof kinds)[number];
/** Channels that there are today; any other name may be typed. */
const channels = ['web', 'cli', 'api', 'openai', 'ws'];
const hours = Array.from({ length: 24 }, (_, hour) => [String(hour), `${hour}:00`] as const);

const namesIn = (fields: Fields): string[] =>
  fields
    .text('names')
    .split(/[\s,]+/)
    .filter(Boolean);

const ruleOf = (kind: Kind, fields: Fields): PolicyRuleInput => {
  const [whomKind, whomId = ''] = fields.text('whom').split(' ');
  const whom = whomKind === 'user' ? { user: whomId } : whomKind === 'role' ? { role: whomId } : {};
  const allow = fields.text('effect') === 'allow';
  const channel = fields.optional('channel');
  switch (kind) {
    case 'tool':
      return {
        kind,
        tool: fields.text('tool'),
        allow,
        unattended: allow && fields.isOn('unattended'),
        ...whom,
        ...(channel !== undefined && { channel }),
      };
    case 'model':
      return { kind, model: fields.text('model'), allow, ...whom };
    case 'tool-list':
      return { kind, tools: namesIn(fields), ...whom, ...(channel !== undefined && { channel }) };
    case 'model-list':
      return { kind, models: namesIn(fields), ...whom };
    case 'quiet-hours':
      return { kind, from: Number(fields.text('from')), to: Number(fields.text('to')), ...whom };
    case 'exception':
      return { kind, from: fields.text('exception') as PolicyException, ...whom };
    case 'channel-tools':
      return {
        kind,
        channel: fields.text('channel'),
        level: fields.text('level') as ToolLevel,
      };
  }
};

/** A rule by its fields, from which the policy is written. */
export const RuleForm = () => {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section
      title={t('policy.rule')}
      detail={t('policy.ruleDetail')}
      actions={
        <Button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t(isOpen ? 'close' : 'policy.rule')}
        </Button>
      }
    >
      {isOpen && <RuleFields />}
    </Section>
  );
};

const RuleFields = () => {
  const may = useMay();
  const models = useModels();
  const [kind, setKind] = useState<Kind>('tool');
  const [isAllowed, setIsAllowed] = useState(false);
  const { data: people = [] } = useQuery({ ...peopleQuery, enabled: may('user:manage') });
  const { data: roles = [] } = useQuery({
    queryKey: ['roles'],
    queryFn: async ({ signal }) => (await client.roles.list(undefined, { signal })).roles,
    enabled: may('user:manage'),
  });
  const { data: tools = [] } = useQuery({
    queryKey: ['tools'],
    queryFn: async ({ signal }) => (await client.system.tools(undefined, { signal })).tools,
  });
  return (
    <Form
      aria-label={t('policy.rule')}
      className="rounded-xl border border-line bg-raised p-4"
      submit={t('policy.writeRule')}
      onSubmit={async (fields) => {
        const isRemoved = fields.isOn('isRemoved');
        const { policy, problems } = await client.policies.rule({ rule: ruleOf(kind, fields), isRemoved });
        await policiesChanged(queries);
        showToast(policy ? t('policy.ruleWritten', { name: policy.name }) : t('policy.ruleTaken'));
        for (const { message } of problems) showToast(message, { isBad: true });
      }}
    >
      <Choices id="rule-tools" values={tools.map(({ name }) => name)} />
      <Choices id="rule-models" values={models?.models.map(({ id }) => id) ?? []} />
      <Choices id="rule-channels" values={channels} />
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label={t('policy.ruleKind')}
          value={kind}
          onChange={(event) => setKind(event.target.value as Kind)}
          options={kinds.map((one) => [one, t(`policy.kind.${one}`)] as const)}
        />
        {kind === 'tool' && (
          <TextField key="tool" name="tool" label={t('policy.tool')} list="rule-tools" required />
        )}
        {kind === 'model' && (
          <TextField key="model" name="model" label={t('policy.model')} list="rule-models" required />
        )}
        {(kind === 'tool' || kind === 'model') && (
          <SelectField
            name="effect"
            label={t('policy.effect')}
            value={isAllowed ? 'allow' : 'forbid'}
            onChange={(event) => setIsAllowed(event.target.value === 'allow')}
            options={[
              ['forbid', t('policy.forbid')],
              ['allow', t('policy.allow')],
            ]}
          />
        )}
        {(kind === 'tool-list' || kind === 'model-list') && (
          <AreaField
            key={kind}
            name="names"
            rows={4}
            label={t(kind === 'tool-list' ? 'policy.onlyTools' : 'policy.onlyModels')}
            detail={t('policy.onlyDetail')}
          />
        )}
        {kind === 'quiet-hours' && (
          <>
            <SelectField
              name="from"
              label={t('policy.from')}
              detail={t('policy.quietDetail')}
              defaultValue="22"
              options={hours}
            />
            <SelectField name="to" label={t('policy.to')} defaultValue="7" options={hours} />
          </>
        )}
        {kind === 'exception' && (
          <SelectField
            name="exception"
            label={t('policy.exception')}
            detail={t('policy.exceptionDetail')}
            options={policyExceptions.map((one) => [one, t(`policy.exception.${one}`)] as const)}
          />
        )}
        {kind !== 'channel-tools' && (
          <SelectField
            key={kind === 'exception' ? 'some' : 'all'}
            name="whom"
            label={t('policy.whom')}
            options={[
              // An exception for everybody would be no rule.
              ...(kind === 'exception' ? [] : [['', t('policy.everybody')] as const]),
              ...roles.map(({ name }) => [`role ${name}`, t('policy.forRole', { name })] as const),
              ...people.map(({ id, name }) => [`user ${id}`, name] as const),
            ]}
          />
        )}
        {(kind === 'tool' || kind === 'tool-list' || kind === 'channel-tools') && (
          <TextField
            key={`channel of ${kind}`}
            name="channel"
            label={t('policy.channel')}
            list="rule-channels"
            required={kind === 'channel-tools'}
            placeholder={kind === 'channel-tools' ? '' : t('policy.anyChannel')}
          />
        )}
        {kind === 'channel-tools' && (
          <SelectField
            name="level"
            label={t('policy.level')}
            options={toolLevels.map((level) => [level, t(`policy.level.${level}`)] as const)}
          />
        )}
      </div>
      {kind === 'tool' && isAllowed && <CheckField name="unattended" label={t('policy.unattended')} />}
      <CheckField name="isRemoved" label={t('policy.takeBack')} />
    </Form>
  );
};

const Choices = ({ id, values }: { id: string; values: readonly string[] }) => (
  <datalist id={id}>
    {values.map((value) => (
      <option key={value} value={value} />
    ))}
  </datalist>
);
