import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { ConfirmButton } from '../ui/confirm.tsx';
import { TextField } from '../ui/field.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Entry, List, Section } from '../ui/section.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';

const tokensKey = ['scim-tokens'];
const tokensChanged = () => queries.invalidateQueries({ queryKey: tokensKey });

/** What the directory of a company signs in with to keep the people here as it has them. */
export const ScimTokens = () => {
  const [made, setMade] = useState<string | null>(null);
  const query = useQuery({
    queryKey: tokensKey,
    queryFn: async ({ signal }) => (await client.scim.list(undefined, { signal })).tokens,
    staleTime: 0,
  });
  return (
    <Section
      title={t('scim')}
      detail={t('scim.detail', { url: `${location.origin}/scim/v2` })}
      actions={
        <ConfirmButton
          kind="plain"
          label={t('scim.create')}
          title={t('scim.create')}
          text={t('scim.createText')}
          action={t('scim.create')}
          isDangerous={false}
          onConfirm={async (fields) => {
            setMade((await client.scim.create({ name: fields.text('name') })).token);
            await tokensChanged();
          }}
        >
          <TextField name="name" label={t('name')} required maxLength={100} autoFocus />
        </ConfirmButton>
      }
    >
      {made !== null && (
        <ShownOnce title={t('scim.made')} text={t('shownOnce')} value={made} onDone={() => setMade(null)} />
      )}
      <Loaded query={query}>
        {(tokens) => (
          <List label={t('scim')} empty={t('scim.none')}>
            {tokens.map(({ id, name, masked, createdAt }) => (
              <Entry
                key={id}
                title={name}
                badge={<code className="font-mono text-xs text-soft">{masked}</code>}
                detail={t('since', { time: formatDateTime(createdAt) })}
                actions={
                  <ConfirmButton
                    label={t('revoke')}
                    title={t('scim.revokeTitle', { name })}
                    text={t('scim.revokeText')}
                    action={t('revoke')}
                    onConfirm={async () => {
                      await client.scim.revoke({ id });
                      await tokensChanged();
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
