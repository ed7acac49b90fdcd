import { useQuery } from '@tanstack/react-query';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { formatDateTime } from '../lib/format.ts';
import { t, tCount } from '../lib/i18n.ts';
import { WorkButton } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Badge, Entry, List, Section } from '../ui/section.tsx';
import { showToast } from '../ui/toasts.tsx';

const sessionsKey = ['sign-ins'];
const devicesKey = ['devices'];

/** "Firefox, Windows" out of what a browser says about itself; what is not known stays as it is said. */
const browserIn = (userAgent: string): string => {
  const find = (names: readonly (readonly [RegExp, string])[]) =>
    names.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = find([
    [/Edg\//, 'Edge'],
    [/Firefox\//, 'Firefox'],
    [/Chrom(e|ium)\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ]);
  const system = find([
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'macOS'],
    [/Linux/, 'Linux'],
  ]);
  return [browser, system].filter(Boolean).join(', ') || userAgent || '?';
};

/** Where somebody is signed in, and devices with a key of their own; each can be ended. */
export const SignIns = () => {
  const sessions = useQuery({
    queryKey: sessionsKey,
    queryFn: async ({ signal }) => (await client.account.sessions(undefined, { signal })).sessions,
    staleTime: 0,
  });
  const devices = useQuery({
    queryKey: devicesKey,
    queryFn: async ({ signal }) => (await client.account.devices(undefined, { signal })).devices,
    staleTime: 0,
  });
  return (
    <>
      <Section
        title={t('signIns')}
        detail={t('signIns.detail')}
        actions={
          (sessions.data?.length ?? 0) > 1 && (
            <WorkButton
              onWork={async () => {
                const { ended } = await client.account.revokeOthers();
                await queries.invalidateQueries({ queryKey: sessionsKey });
                showToast(tCount('signIns.ended', ended));
              }}
            >
              {t('signIns.others')}
            </WorkButton>
          )
        }
      >
        <Loaded query={sessions}>
          {(all) => (
            <List label={t('signIns')} empty={t('signIns.none')}>
              {all.map(({ id, kind, userAgent, address, lastUsedAt, isCurrent }) => (
                <Entry
                  key={id}
                  title={<span title={userAgent}>{browserIn(userAgent)}</span>}
                  badge={
                    isCurrent ? (
                      <Badge tone="accent">{t('signIns.here')}</Badge>
                    ) : (
                      kind === 'tokens' && <Badge>{t('signIns.program')}</Badge>
                    )
                  }
                  detail={t('signIns.used', { address, time: formatDateTime(lastUsedAt) })}
                  actions={
                    !isCurrent && (
                      <WorkButton
                        kind="quiet"
                        onWork={async () => {
                          await client.account.revokeSession({ id });
                          await queries.invalidateQueries({ queryKey: sessionsKey });
                        }}
                      >
                        {t('data.signOut')}
                      </WorkButton>
                    )
                  }
                />
              ))}
            </List>
          )}
        </Loaded>
      </Section>
      <Section title={t('devices')} detail={t('devices.detail')}>
        <Loaded query={devices}>
          {(all) => (
            <List label={t('devices')} empty={t('devices.none')}>
              {all.map(({ deviceId, scopes, createdAt }) => (
                <Entry
                  key={deviceId}
                  title={<code className="font-mono">{deviceId.slice(0, 16)}</code>}
                  detail={[scopes.join(', '), t('since', { time: formatDateTime(createdAt) })].join(' · ')}
                  actions={
                    <WorkButton
                      kind="quiet"
                      onWork={async () => {
                        await client.account.revokeDevice({ id: deviceId });
                        await queries.invalidateQueries({ queryKey: devicesKey });
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
    </>
  );
};
