import type { Approval } from '@reeve/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNameOf } from '../api/account.ts';
import { refreshPending, useMaySeeApprovals, usePending } from '../api/approvals.ts';
import { client } from '../api/client.ts';
import { WithQueries } from '../api/queries.tsx';
import { sessionList } from '../api/sessions.ts';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { Link } from '../lib/link.tsx';
import { sessionPath } from '../lib/router.ts';
import { useStore } from '../lib/store.ts';
import { Skeleton } from '../session/notices.tsx';
import { Header } from '../shell/header.tsx';
import { Button } from '../ui/button.tsx';
import { Loaded, NotYours } from '../ui/loaded.tsx';
import { Badge, Entry, List, Section } from '../ui/section.tsx';
import { ApprovalCard, RiskBadge } from './approval-card.tsx';

const pageSize = 20;
/** As many as the gateway gives at once. */
const most = 200;

/** Every question: those that wait, and how the others ended. */
export default function Approvals() {
  const maySee = useMaySeeApprovals();
  useEffect(() => void refreshPending(), []);
  return (
    <>
      <Header title={t('approvals')} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-3xl px-4 pb-16 sm:px-6">
          <WithQueries>
            {maySee === null ? (
              <Skeleton />
            ) : maySee ? (
              <>
                <Pending />
                <SettledList />
              </>
            ) : (
              <div className="flex flex-col py-16">
                <NotYours />
              </div>
            )}
          </WithQueries>
        </div>
      </div>
    </>
  );
}

const Pending = () => {
  const waiting = usePending();
  const { byId } = useStore(sessionList);
  return (
    <Section title={t('approval.pending')} detail={t('approval.pendingDetail')}>
      <div aria-live="polite">
        <Loaded query={{ data: waiting ?? undefined, error: null, refetch: refreshPending }}>
          {(all) =>
            all.length === 0 ? (
              <p className="rounded-xl border border-dashed border-line px-4 py-6 text-center text-sm text-soft">
                {t('approval.none')}
              </p>
            ) : (
              <div className="space-y-4">
                {all.map((approval) => (
                  <ApprovalCard
                    key={approval.id}
                    approval={approval}
                    onAnswered={() => void refreshPending()}
                    place={
                      byId.has(approval.sessionId) && (
                        <Link
                          href={sessionPath(approval.sessionId)}
                          className="text-accent underline underline-offset-2"
                        >
                          {t('approval.conversation')}
                        </Link>
                      )
                    }
                  />
                ))}
              </div>
            )
          }
        </Loaded>
      </div>
    </Section>
  );
};

const SettledList = () => {
  const waiting = usePending();
  const [count, setCount] = useState(pageSize);
  const query = useQuery({
    // Anew whenever one that waited does no more.
    queryKey: ['approvals', waiting?.map(({ id }) => id).join(' ') ?? ''],
    queryFn: async ({ signal }) => (await client.approvals.list({ limit: most }, { signal })).approvals,
    placeholderData: (before) => before,
    staleTime: 0,
  });
  return (
    <Section title={t('approval.settled')}>
      <Loaded query={query}>
        {(all) => {
          const settled = all.filter(({ status }) => status !== 'pending');
          return (
            <>
              <List label={t('approval.settled')} empty={t('approval.noneSettled')}>
                {settled.slice(0, count).map((approval) => (
                  <Settled key={approval.id} approval={approval} />
                ))}
              </List>
              {settled.length > count && (
                <Button kind="quiet" className="mt-2 w-full" onClick={() => setCount(count + pageSize)}>
                  {t('more')}
                </Button>
              )}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
};

const Settled = ({ approval }: { approval: Approval }) => {
  const nameOf = useNameOf();
  const [isOpen, setIsOpen] = useState(false);
  const { calls, status, settled, createdAt, risk, requestedBy } = approval;
  return (
    <Entry
      title={<code className="font-mono">{calls.map(({ tool }) => tool).join(', ')}</code>}
      badge={
        <>
          <Badge tone={status === 'approved' ? 'good' : 'bad'}>
            {t(`approval.status.${status === 'pending' ? 'expired' : status}`)}
          </Badge>
          <RiskBadge risk={risk} />
        </>
      }
      detail={[
        calls[0]!.target,
        nameOf(requestedBy),
        settled?.by ? t('approval.by', { name: nameOf(settled.by) }) : '',
        formatDateTime(createdAt),
      ]
        .filter(Boolean)
        .join(' · ')}
      actions={
        <Button kind="quiet" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t('details')}
        </Button>
      }
    >
      {isOpen && (
        <div className="mt-3">
          <ApprovalCard approval={approval} />
        </div>
      )}
    </Entry>
  );
};
