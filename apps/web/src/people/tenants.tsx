import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { formatDateTime } from '../lib/format.ts';
import { t, tCount } from '../lib/i18n.ts';
import { ConfirmButton } from '../ui/confirm.tsx';
import { TextField } from '../ui/field.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Entry, List, Section } from '../ui/section.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';

const tenantsKey = ['tenants'];

/** Households or companies that share this Reeve and see nothing of each other. */
export const Tenants = () => {
  const [link, setLink] = useState<string | null>(null);
  const query = useQuery({
    queryKey: tenantsKey,
    queryFn: async ({ signal }) => (await client.tenants.list(undefined, { signal })).tenants,
  });
  return (
    <Section
      title={t('tenants')}
      detail={t('tenants.detail')}
      actions={
        <ConfirmButton
          kind="plain"
          label={t('tenants.create')}
          title={t('tenants.create')}
          text={t('tenants.createText')}
          action={t('tenants.create')}
          isDangerous={false}
          onConfirm={async (fields) => {
            setLink((await client.tenants.create({ name: fields.text('name') })).url);
            await queries.invalidateQueries({ queryKey: tenantsKey });
          }}
        >
          <TextField name="name" label={t('name')} required maxLength={100} autoFocus />
        </ConfirmButton>
      }
    >
      {link !== null && (
        <ShownOnce
          title={t('invites.made')}
          text={t('tenants.linkText')}
          value={link}
          onDone={() => setLink(null)}
        />
      )}
      <Loaded query={query}>
        {(tenants) => (
          <List label={t('tenants')} empty="">
            {tenants.map(({ id, name, people, createdAt }) => (
              <Entry
                key={id}
                title={name}
                detail={[
                  tCount('tenants.people', people),
                  t('since', { time: formatDateTime(createdAt) }),
                ].join(' · ')}
              />
            ))}
          </List>
        )}
      </Loaded>
    </Section>
  );
};
