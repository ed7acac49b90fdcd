import type { RoleView } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Form, WorkButton } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Badge, Entry, List, Section } from '../ui/section.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';

const isOfThisMachine = (url: string): boolean =>
  /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);

const invitesKey = ['invites'];
const invitesChanged = () => queries.invalidateQueries({ queryKey: invitesKey });

/** Invitations that are open; a new one is a link to hand over. */
export const Invites = ({ roles }: { roles: readonly RoleView[] }) => {
  const [isOpen, setIsOpen] = useState(false);
  const [made, setMade] = useState<{ url: string; isSent: boolean; expiresAt: number } | null>(null);
  const query = useQuery({
    queryKey: invitesKey,
    queryFn: async ({ signal }) => (await client.invites.list(undefined, { signal })).invites,
    staleTime: 0,
  });
  return (
    <Section
      title={t('invites')}
      detail={t('invites.detail')}
      actions={!isOpen && <Button onClick={() => setIsOpen(true)}>{t('invites.create')}</Button>}
    >
      {isOpen && (
        <Form
          aria-label={t('invites.create')}
          className="mb-4 rounded-xl border border-line bg-raised p-4"
          submit={t('invites.create')}
          onCancel={() => setIsOpen(false)}
          onSubmit={async (fields) => {
            const email = fields.optional('email');
            const name = fields.optional('name');
            setMade(
              await client.invites.create({
                role: fields.text('role'),
                ...(email !== undefined && { email }),
                ...(name !== undefined && { name }),
              }),
            );
            setIsOpen(false);
            await invitesChanged();
          }}
        >
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField name="name" label={t('name')} maxLength={100} autoFocus />
            <TextField name="email" type="email" label={t('email')} detail={t('invites.emailDetail')} />
            <SelectField
              key={roles.length}
              name="role"
              label={t('people.role')}
              defaultValue="user"
              options={roles.map(({ name }) => [name, name] as const)}
            />
          </div>
        </Form>
      )}
      {made && (
        <ShownOnce
          title={t('invites.made')}
          text={[
            t(made.isSent ? 'invites.sent' : 'invites.linkText', { time: formatDateTime(made.expiresAt) }),
            isOfThisMachine(made.url) ? t('invites.thisMachine') : '',
          ]
            .filter(Boolean)
            .join(' ')}
          value={made.url}
          onDone={() => setMade(null)}
        />
      )}
      <Loaded query={query}>
        {(invites) => (
          <List label={t('invites')} empty={t('invites.none')}>
            {invites.map(({ id, role, email, name, expiresAt }) => (
              <Entry
                key={id}
                title={name ?? email ?? t('invites.anybody')}
                badge={<Badge>{role}</Badge>}
                detail={[name && email, t('keys.until', { time: formatDateTime(expiresAt) })]
                  .filter(Boolean)
                  .join(' · ')}
                actions={
                  <WorkButton
                    kind="quiet"
                    onWork={async () => {
                      await client.invites.revoke({ id });
                      await invitesChanged();
                    }}
                  >
                    {t('revoke')}
                  </WorkButton>
                }
              />
            ))}
          </List>
        )}
      </Loaded>
    </Section>
  );
};
