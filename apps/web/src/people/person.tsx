import type { PersonView, RoleView } from '@reeve/protocol';
import { useState } from 'react';
import { peopleQuery, useAccount } from '../api/account.ts';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { formatDateTime } from '../lib/format.ts';
import { t, tCount } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmButton } from '../ui/confirm.tsx';
import { CheckField, SelectField, TextField } from '../ui/field.tsx';
import { Form, WorkButton } from '../ui/form.tsx';
import { Badge, Entry } from '../ui/section.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { showToast } from '../ui/toasts.tsx';
import { PersonChannels } from './person-channels.tsx';

export const peopleChanged = () =>
  Promise.all([
    queries.invalidateQueries({ queryKey: peopleQuery.queryKey }),
    queries.invalidateQueries({ queryKey: ['account'] }),
  ]);

const flags = ['canInstallSoftware', 'canExecCommands', 'canUseBrowser', 'requiresAdminApproval'] as const;
const filters = ['off', 'moderate', 'strict'] as const;

/** One person: role, flags, and what an admin can do for or against them. */
export const Person = ({ person, roles }: { person: PersonView; roles: readonly RoleView[] }) => {
  const { data: account } = useAccount();
  const [isOpen, setIsOpen] = useState(false);
  const { name, email, role, isDisabled } = person;
  const isMe = account?.person.id === person.id;
  return (
    <Entry
      title={name}
      badge={
        <>
          <Badge>{role}</Badge>
          {isMe && <Badge tone="accent">{t('you')}</Badge>}
          {isDisabled && <Badge tone="bad">{t('people.disabled')}</Badge>}
        </>
      }
      detail={email ?? t('people.noEmail')}
      actions={
        <Button kind="quiet" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t('policy.edit')}
        </Button>
      }
    >
      {isOpen && (
        <div className="mt-3 space-y-5 border-t border-line pt-4">
          <Change person={person} roles={roles} />
          <PersonChannels person={person} />
          <Powers person={person} isMe={isMe} />
        </div>
      )}
    </Entry>
  );
};

const Change = ({ person, roles }: { person: PersonView; roles: readonly RoleView[] }) => (
  <Form
    aria-label={person.name}
    submit={t('save')}
    onSubmit={async (fields) => {
      const tokens = fields.optional('maxTokensPerDay');
      await client.people.update({
        id: person.id,
        name: fields.text('name'),
        role: fields.text('role'),
        flags: {
          canInstallSoftware: fields.isOn('canInstallSoftware'),
          canExecCommands: fields.isOn('canExecCommands'),
          canUseBrowser: fields.isOn('canUseBrowser'),
          requiresAdminApproval: fields.isOn('requiresAdminApproval'),
          contentFilter: fields.text('contentFilter') as (typeof filters)[number],
          maxTokensPerDay: tokens === undefined ? null : Number(tokens),
        },
      });
      await peopleChanged();
      showToast(t('saved'));
    }}
  >
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField name="name" label={t('name')} defaultValue={person.name} required maxLength={100} />
      <SelectField
        // Its choices come a moment later.
        key={roles.length}
        name="role"
        label={t('people.role')}
        defaultValue={person.role}
        options={(roles.length > 0 ? roles.map(({ name }) => name) : [person.role]).map(
          (name) => [name, name] as const,
        )}
      />
      <SelectField
        name="contentFilter"
        label={t('people.filter')}
        defaultValue={person.flags.contentFilter}
        options={filters.map((one) => [one, t(`people.filter.${one}`)] as const)}
      />
      <TextField
        name="maxTokensPerDay"
        type="number"
        min={0}
        step={1}
        label={t('people.tokens')}
        detail={t('people.tokensDetail')}
        defaultValue={person.flags.maxTokensPerDay ?? ''}
      />
    </div>
    <fieldset className="grid gap-2 sm:grid-cols-2">
      <legend className="sr-only">{t('people.flags')}</legend>
      {flags.map((flag) => (
        <CheckField
          key={flag}
          name={flag}
          label={t(`people.flag.${flag}`)}
          defaultChecked={person.flags[flag]}
        />
      ))}
    </fieldset>
  </Form>
);

const Powers = ({ person: { id, name, isDisabled }, isMe }: { person: PersonView; isMe: boolean }) => {
  const [link, setLink] = useState<{ url: string; expiresAt: number } | null>(null);
  return (
    <div className="flex flex-wrap gap-2 border-t border-line pt-4">
      <WorkButton onWork={async () => setLink(await client.people.resetLink({ id }))}>
        {t('people.resetLink')}
      </WorkButton>
      <WorkButton
        onWork={async () => {
          const { ended } = await client.people.signOut({ id });
          showToast(tCount('signIns.ended', ended));
        }}
      >
        {t('people.signOut')}
      </WorkButton>
      {!isMe && (
        <>
          <WorkButton
            onWork={async () => {
              await client.people.update({ id, isDisabled: !isDisabled });
              await peopleChanged();
            }}
          >
            {t(isDisabled ? 'people.enable' : 'people.disable')}
          </WorkButton>
          <ConfirmButton
            kind="danger"
            label={t('remove')}
            title={t('people.removeTitle', { name })}
            text={t('people.removeText')}
            action={t('remove')}
            onConfirm={async () => {
              await client.people.remove({ id });
              await peopleChanged();
            }}
          />
        </>
      )}
      {link && (
        <ShownOnce
          title={t('people.resetLink')}
          text={t('people.linkText', { name, time: formatDateTime(link.expiresAt) })}
          value={link.url}
          onDone={() => setLink(null)}
        />
      )}
    </div>
  );
};
