import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { ConfirmButton } from '../ui/confirm.tsx';
import { WorkButton } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Entry, List, Section } from '../ui/section.tsx';
import { ShownOnce } from '../ui/shown-once.tsx';
import { ChannelList } from './channel-list.tsx';

const connectionsKey = ['connections'];
const channelsKey = ['channels'];

/** Places elsewhere that sign somebody in here; nothing is shown where this Reeve knows none. */
export const Connections = () => {
  const methods = useQuery({
    queryKey: ['auth-methods'],
    queryFn: ({ signal }) => client.auth.methods(undefined, { signal }),
  });
  const query = useQuery({
    queryKey: connectionsKey,
    queryFn: async ({ signal }) => (await client.account.connections(undefined, { signal })).connections,
    staleTime: 0,
  });
  const { providers = [] } = methods.data ?? {};
  if (providers.length === 0 && (query.data?.length ?? 0) === 0) return null;
  return (
    <Section
      title={t('connections')}
      detail={t('connections.detail')}
      actions={
        <div className="flex flex-wrap gap-2">
          {providers.map(({ kind, name, label }) => (
            <WorkButton
              key={`${kind} ${name}`}
              onWork={async () => {
                const { url } = await client.account.connect({ kind, name, returnTo: '/settings/account' });
                location.assign(url);
              }}
            >
              {t('connections.add', { name: label })}
            </WorkButton>
          ))}
        </div>
      }
    >
      <Loaded query={query}>
        {(connections) => (
          <List label={t('connections')} empty={t('connections.none')}>
            {connections.map(({ id, issuer, createdAt }) => (
              <Entry
                key={id}
                title={issuer}
                detail={t('since', { time: formatDateTime(createdAt) })}
                actions={
                  <ConfirmButton
                    label={t('remove')}
                    title={t('connections.removeTitle', { name: issuer })}
                    text={t('connections.removeText')}
                    action={t('remove')}
                    onConfirm={async () => {
                      await client.account.disconnect({ id });
                      await queries.invalidateQueries({ queryKey: connectionsKey });
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

/** Chat channels on which somebody is known as this account. */
export const Channels = () => {
  const [made, setMade] = useState<{ code: string; expiresAt: number } | null>(null);
  const query = useQuery({
    queryKey: channelsKey,
    queryFn: async ({ signal }) => (await client.account.channels(undefined, { signal })).channels,
    staleTime: 0,
  });
  return (
    <Section
      title={t('channels')}
      detail={t('channels.detail')}
      actions={
        <WorkButton onWork={async () => setMade(await client.account.linkCode())}>
          {t('channels.add')}
        </WorkButton>
      }
    >
      {made && (
        <ShownOnce
          title={t('channels.add')}
          text={t('channels.codeText', { time: formatDateTime(made.expiresAt) })}
          value={`LINK ${made.code}`}
          onDone={() => {
            setMade(null);
            void queries.invalidateQueries({ queryKey: channelsKey });
          }}
        />
      )}
      <Loaded query={query}>
        {(channels) => (
          <ChannelList
            channels={channels}
            onRemove={async (id) => {
              await client.account.unlinkChannel({ id });
              await queries.invalidateQueries({ queryKey: channelsKey });
            }}
          />
        )}
      </Loaded>
    </Section>
  );
};
