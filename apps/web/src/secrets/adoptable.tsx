import { useQuery } from '@tanstack/react-query';
import { client } from '../api/client.ts';
import { t } from '../lib/i18n.ts';
import { ConfirmButton } from '../ui/confirm.tsx';
import { TextField } from '../ui/field.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Entry, List, Section } from '../ui/section.tsx';
import { showToast } from '../ui/toasts.tsx';
import { secretsChanged } from './secrets-changed.ts';

/** Keys that lie in plain text where they need not lie. */
export const Adoptable = ({ canWrite }: { canWrite: boolean }) => {
  const query = useQuery({
    queryKey: ['secrets', 'adoptable'],
    queryFn: async ({ signal }) => (await client.secrets.adoptable(undefined, { signal })).found,
    staleTime: 0,
  });
  return (
    <Section title={t('adopt')} detail={t('adopt.detail')}>
      <Loaded query={query}>
        {(found) => (
          <List label={t('adopt')} empty={t('adopt.none')}>
            {found.map(({ from, source, setting, name, masked }) => (
              <Entry
                key={from}
                title={<code className="font-mono">{from}</code>}
                badge={<code className="font-mono text-xs text-soft">{masked}</code>}
                detail={t(`adopt.source.${source}`, { setting })}
                actions={
                  canWrite && (
                    <ConfirmButton
                      kind="plain"
                      label={t('adopt.move')}
                      title={t('adopt.title', { from })}
                      text={t('adopt.text', { setting })}
                      action={t('adopt.move')}
                      isDangerous={false}
                      onConfirm={async (fields) => {
                        const { variable } = await client.secrets.adopt({
                          from,
                          name: fields.text('name'),
                        });
                        await secretsChanged();
                        showToast(variable === null ? t('saved') : t('adopt.variable', { variable }));
                      }}
                    >
                      <TextField
                        name="name"
                        label={t('name')}
                        defaultValue={name}
                        pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
                        required
                      />
                    </ConfirmButton>
                  )
                }
              />
            ))}
          </List>
        )}
      </Loaded>
    </Section>
  );
};
