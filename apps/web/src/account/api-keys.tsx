import type { Permission } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmButton } from '../ui/confirm.tsx';
import { CheckField, SelectField, TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Entry, List, Section } from '../ui/section.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';

const keysKey = ['api-keys'];
const keysChanged = () => queries.invalidateQueries({ queryKey: keysKey });

/** What programs sign in with: each good for some things, and for some time. */
export const ApiKeys = ({ permissions }: { permissions: readonly Permission[] }) => {
  const [isOpen, setIsOpen] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const query = useQuery({
    queryKey: keysKey,
    queryFn: async ({ signal }) => (await client.auth.listTokens(undefined, { signal })).tokens,
    staleTime: 0,
  });
  return (
    <Section
      title={t('keys')}
      detail={t('keys.apiDetail')}
      actions={!isOpen && <Button onClick={() => setIsOpen(true)}>{t('keys.create')}</Button>}
    >
      {isOpen && (
        <NewKey
          permissions={permissions}
          onCancel={() => setIsOpen(false)}
          onMade={(token) => {
            setMade(token);
            setIsOpen(false);
          }}
        />
      )}
      {made !== null && (
        <ShownOnce title={t('keys.made')} text={t('shownOnce')} value={made} onDone={() => setMade(null)} />
      )}
      <Loaded query={query}>
        {(keys) => (
          <List label={t('keys')} empty={t('keys.none')}>
            {keys.map(({ id, name, masked, scopes, expiresAt, lastUsedAt }) => (
              <Entry
                key={id}
                title={name}
                badge={<code className="font-mono text-xs text-soft">{masked}</code>}
                detail={[
                  scopes?.join(', ') ?? t('keys.all'),
                  expiresAt === null ? t('keys.never') : t('keys.until', { time: formatDateTime(expiresAt) }),
                  lastUsedAt === null
                    ? t('keys.unused')
                    : t('keys.used', { time: formatDateTime(lastUsedAt) }),
                ].join(' · ')}
                actions={
                  <ConfirmButton
                    label={t('revoke')}
                    title={t('keys.revokeTitle', { name })}
                    text={t('keys.revokeText')}
                    action={t('revoke')}
                    onConfirm={async () => {
                      await client.auth.revokeToken({ id });
                      await keysChanged();
                    }}
                  />
                }
              />
            ))}
          </List>
        )}
      </Loaded>
    </Section>
  );
};

const NewKey = ({
  permissions,
  onMade,
  onCancel,
}: {
  permissions: readonly Permission[];
  onMade: (token: string) => void;
  onCancel: () => void;
}) => {
  const [isAll, setIsAll] = useState(true);
  const [isEmpty, setIsEmpty] = useState(false);
  return (
    <Form
      aria-label={t('keys.create')}
      className="mb-4 rounded-xl border border-line bg-raised p-4"
      submit={t('keys.create')}
      onCancel={onCancel}
      onSubmit={async (fields) => {
        const scopes = fields.all('scope');
        setIsEmpty(!isAll && scopes.length === 0);
        if (!isAll && scopes.length === 0) return;
        const days = fields.optional('days');
        const { token } = await client.auth.createToken({
          name: fields.text('name'),
          ...(!isAll && { scopes }),
          ...(days !== undefined && { expiresInDays: Number(days) }),
        });
        onMade(token);
        await keysChanged();
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="name"
          label={t('name')}
          detail={t('keys.nameDetail')}
          required
          maxLength={100}
          autoFocus
        />
        <SelectField
          name="days"
          label={t('keys.expires')}
          defaultValue="90"
          options={[
            ...[7, 30, 90, 365].map((days) => [String(days), t('keys.days', { count: days })] as const),
            ['', t('keys.never')],
          ]}
        />
      </div>
      <CheckField
        label={t('keys.all')}
        checked={isAll}
        onChange={(event) => setIsAll(event.target.checked)}
      />
      {!isAll && (
        <fieldset>
          <legend className="text-sm font-medium">{t('keys.scopes')}</legend>
          <div className="mt-2 grid gap-2 sm:grid-cols-2">
            {permissions.map((permission) => (
              <CheckField
                key={permission}
                name="scope"
                value={permission}
                label={t(`permission.${permission}`)}
                detail={permission}
              />
            ))}
          </div>
          {isEmpty && (
            <p role="alert" className="mt-2 text-sm text-bad">
              {t('keys.choose')}
            </p>
          )}
        </fieldset>
      )}
    </Form>
  );
};
