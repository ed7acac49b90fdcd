import { useState } from 'react';
import { type AccountState, accountChanged, useAccount, useMay } from '../api/account.ts';
import { client } from '../api/client.ts';
import { MyBudgets } from '../budgets/my-budgets.tsx';
import { languages, t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { NewPassword } from '../ui/new-password.tsx';
import { Section } from '../ui/section.tsx';
import { showToast } from '../ui/toasts.tsx';
import { useFocusBack } from '../ui/use-focus-back.ts';
import { ApiKeys } from './api-keys.tsx';
import { Channels, Connections } from './connections.tsx';
import { Passkeys } from './passkeys.tsx';
import { SignIns } from './sign-ins.tsx';
import { Totp } from './totp.tsx';

/** Who somebody is here, how they prove it, and what is signed in as them. */
export const Account = () => {
  const query = useAccount();
  const may = useMay();
  return (
    <Loaded query={query}>
      {(account) => (
        <>
          <Profile account={account} />
          <Password account={account} />
          {account.hasPassword && <Totp account={account} />}
          <Passkeys passkeys={account.passkeys} />
          <Connections />
          <Channels />
          <SignIns />
          <ApiKeys permissions={account.permissions} />
          {may('usage:read') && <MyBudgets />}
        </>
      )}
    </Loaded>
  );
};

const Profile = ({ account: { person, tenant } }: { account: AccountState }) => (
  <Section
    title={t('account.profile')}
    detail={t('account.profileDetail', { tenant: tenant.name, role: person.role })}
  >
    <Form
      aria-label={t('account.profile')}
      submit={t('save')}
      onSubmit={async (fields) => {
        await client.account.update({
          name: fields.text('name'),
          language: fields.optional('language') ?? null,
        });
        await accountChanged();
        showToast(t('saved'));
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="name"
          label={t('name')}
          defaultValue={person.name}
          autoComplete="name"
          required
          maxLength={100}
        />
        <SelectField
          name="language"
          label={t('account.language')}
          detail={t('account.languageDetail')}
          defaultValue={person.language ?? ''}
          options={[['', t('account.languageDefault')], ...Object.entries(languages)]}
        />
      </div>
    </Form>
  </Section>
);

const Password = ({ account: { person, hasPassword } }: { account: AccountState }) => {
  const [isOpen, setIsOpen] = useState(false);
  const actions = useFocusBack<HTMLDivElement>(isOpen);
  return (
    <Section
      title={t('password')}
      detail={hasPassword ? t('password.has', { email: person.email ?? '' }) : t('password.hasNone')}
      actions={
        <div ref={actions}>
          {!isOpen && (
            <Button onClick={() => setIsOpen(true)}>
              {t(hasPassword ? 'password.change' : 'password.set')}
            </Button>
          )}
        </div>
      }
    >
      {isOpen && (
        <Form
          aria-label={t('password')}
          submit={t('save')}
          onCancel={() => setIsOpen(false)}
          onSubmit={async (fields) => {
            await client.account.setPassword({
              password: fields.secret('password'),
              ...(hasPassword && { current: fields.secret('current') }),
              ...(person.email === null && { email: fields.text('email') }),
            });
            await accountChanged();
            showToast(t('password.changed'));
            setIsOpen(false);
          }}
        >
          {hasPassword && (
            <TextField
              name="current"
              type="password"
              label={t('password.current')}
              autoComplete="current-password"
              required
              autoFocus
            />
          )}
          {person.email === null && (
            <TextField
              name="email"
              type="email"
              label={t('email')}
              autoComplete="username"
              required
              autoFocus={!hasPassword}
            />
          )}
          <NewPassword isFocused={!hasPassword && person.email !== null} />
        </Form>
      )}
    </Section>
  );
};
