import type { ChannelLink } from '@reeve/protocol';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { WorkButton } from '../ui/form.tsx';
import { Entry, List } from '../ui/section.tsx';

/** Chat channels on which somebody is known; each can be taken back. */
export const ChannelList = ({
  channels,
  onRemove,
}: {
  channels: readonly ChannelLink[];
  onRemove: (id: string) => Promise<unknown>;
}) => (
  <List label={t('channels')} empty={t('channels.none')}>
    {channels.map(({ id, channel, identifier, createdAt }) => (
      <Entry
        key={id}
        title={channel}
        detail={[identifier, t('since', { time: formatDateTime(createdAt) })].join(' · ')}
        actions={
          <WorkButton kind="quiet" onWork={() => onRemove(id)}>
            {t('remove')}
          </WorkButton>
        }
      />
    ))}
  </List>
);
