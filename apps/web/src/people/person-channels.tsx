import type { PersonView } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { ChannelList } from '../account/channel-list.tsx';
import { client } from '../api/client.ts';
import { queries } from '../api/queries.tsx';
import { t } from '../lib/i18n.ts';
import { TextField } from '../ui/field.tsx';
import { Form } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';

/** Where a person is known when they write from there; an admin says so without a code. */
export const PersonChannels = ({ person: { id, name } }: { person: PersonView }) => {
  const queryKey = ['person-channels', id];
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await client.people.channels({ id }, { signal })).channels,
    staleTime: 0,
  });
  const changed = () => queries.invalidateQueries({ queryKey });
  return (
    <section aria-label={t('people.channels', { name })} className="space-y-3 border-t border-line pt-4">
      <h3 className="text-sm font-medium">{t('channels')}</h3>
      <Loaded query={query}>
        {(channels) => (
          <ChannelList
            channels={channels}
            onRemove={async (linkId) => {
              await client.people.unlinkChannel({ id, linkId });
              await changed();
            }}
          />
        )}
      </Loaded>
      <Form
        aria-label={t('channels.add')}
        submit={t('channels.add')}
        isReset
        onSubmit={async (fields) => {
          await client.people.linkChannel({
            id,
            channel: fields.text('channel'),
            identifier: fields.text('identifier'),
          });
          await changed();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="channel"
            label={t('people.channel')}
            detail={t('people.channelDetail')}
            pattern="[a-z0-9][a-z0-9\-]{0,49}"
            required
          />
          <TextField
            name="identifier"
            label={t('people.identifier')}
            detail={t('people.identifierDetail')}
            maxLength={200}
            required
          />
        </div>
      </Form>
    </section>
  );
};
