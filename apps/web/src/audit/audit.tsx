import { exportAudit } from '@reeve/client';
import type { AuditRow } from '@reeve/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNameOf } from '../api/account.ts';
import { client } from '../api/client.ts';
import { saveFile } from '../lib/files.ts';
import { formatDateTime, formatDuration } from '../lib/format.ts';
import { t, tCount } from '../lib/i18n.ts';
import { auditTypeIn, outcomeIn } from '../lib/record-texts.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { Button } from '../ui/button.tsx';
import { CodeText } from '../ui/code-text.tsx';
import { WorkButton } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Badge, Entry, List, Section, type Tone } from '../ui/section.tsx';
import { type AuditFilter, AuditFilters } from './audit-filters.tsx';
import { Hold } from './hold.tsx';
import { useStats } from './use-stats.ts';
import { Verify } from './verify.tsx';

const pageSize = 50;
const formats = ['json', 'csv', 'bundle'] as const;

/** What was done, by whom, and on whose word; and the proof that nothing of it was changed. */
export const Audit = () => {
  const [filter, setFilter] = useState<AuditFilter>({});
  return (
    <>
      <Verify />
      <Section title={t('audit.entries')} detail={<Stats hours={filter.hours} />}>
        <AuditFilters filter={filter} onFilter={setFilter} />
        <div className="mb-4 flex flex-wrap items-center gap-2">
          <span className="text-sm text-soft">{t('audit.export')}</span>
          {formats.map((format) => (
            <WorkButton
              key={format}
              onWork={async () => {
                const parts = [];
                for await (const part of exportAudit(client, { ...filter, format })) parts.push(part);
                const { filename, mediaType } = parts[0]!;
                saveFile(filename, mediaType, ...parts.map(({ content }) => content));
              }}
            >
              {t(`audit.export.${format}`)}
            </WorkButton>
          ))}
        </div>
        <Entries filter={filter} />
      </Section>
      <Hold />
    </>
  );
};

const Stats = ({ hours }: { hours: number | undefined }) => {
  const { data } = useStats(hours);
  return data ? tCount('audit.count', data.entries) : t('loading');
};

const Entries = ({ filter }: { filter: AuditFilter }) => {
  const query = useInfiniteQuery({
    queryKey: ['audit', filter],
    initialPageParam: undefined as number | undefined,
    queryFn: async ({ pageParam, signal }) =>
      (
        await client.audit.list(
          { ...filter, limit: pageSize, ...(pageParam !== undefined && { before: pageParam }) },
          { signal },
        )
      ).entries,
    getNextPageParam: (last) => (last.length < pageSize ? undefined : last.at(-1)!.seq),
    staleTime: 0,
  });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  return (
    <Loaded query={{ data: data?.pages.flat(), error, refetch }}>
      {(entries) => (
        <>
          <List
            label={t('audit.entries')}
            empty={t(Object.keys(filter).length > 0 ? 'audit.noneFound' : 'audit.none')}
          >
            {entries.map((entry) => (
              <Row key={entry.seq} entry={entry} />
            ))}
          </List>
          {hasNextPage && (
            <Button
              kind="quiet"
              className="mt-2 w-full"
              disabled={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {t('more')}
            </Button>
          )}
        </>
      )}
    </Loaded>
  );
};

const toneOf = (outcome: string | undefined): Tone =>
  outcome === undefined
    ? 'plain'
    : /^(ok|allow|approved|stop)$/.test(outcome)
      ? 'good'
      : /^(failed|denied|deny|expired|void|interrupted|cancelled|error)$/.test(outcome)
        ? 'bad'
        : 'plain';

const Row = ({ entry }: { entry: AuditRow }) => {
  const nameOf = useNameOf();
  const texts = useGatewayTexts();
  const [isOpen, setIsOpen] = useState(false);
  const { seq, at, actor, type, outcome, target, channel, durationMs } = entry;
  const said = auditTypeIn(texts, type);
  return (
    <Entry
      title={said ?? <code className="font-mono">{type}</code>}
      badge={outcome !== undefined && <Badge tone={toneOf(outcome)}>{outcomeIn(texts, outcome)}</Badge>}
      detail={[
        // By its name it is filtered.
        said === null ? undefined : type,
        formatDateTime(at),
        actor === null ? t('audit.nobody') : nameOf(actor),
        target,
        channel,
        durationMs === undefined ? undefined : formatDuration(durationMs),
      ]
        .filter(Boolean)
        .join(' · ')}
      actions={
        <Button
          kind="quiet"
          aria-expanded={isOpen}
          aria-label={t('audit.detailsOf', { seq })}
          onClick={() => setIsOpen(!isOpen)}
        >
          {t('details')}
        </Button>
      }
    >
      {isOpen && (
        <div className="mt-3">
          <CodeText label={t('details')} text={JSON.stringify(entry, null, 2)} />
        </div>
      )}
    </Entry>
  );
};
