import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../api/client.ts';
import { formatCost } from '../lib/format.ts';
import { language, t, tCount } from '../lib/i18n.ts';
import { SelectField } from '../ui/field.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { Entry, List, Section } from '../ui/section.tsx';
import { DayChart } from './day-chart.tsx';

const dayMs = 86_400_000;
const spans = ['7', '30', '90'] as const;

interface Used {
  calls: number;
  usage: { inputTokens: number; outputTokens: number; costUsd?: number | undefined };
}

const tokensOf = ({ usage }: Used) => usage.inputTokens + usage.outputTokens;
const inWords = (used: Used): string =>
  [
    tCount('usage.calls', used.calls),
    t('tokens', { count: tokensOf(used) }),
    formatCost(used.usage.costUsd ?? 0),
  ].join(' · ');

/** Tokens and cost, by day, model and channel. */
export const Usage = () => {
  const [days, setDays] = useState<string>('30');
  const query = useQuery({
    queryKey: ['usage', days],
    queryFn: ({ signal }) => client.usage.get({ since: Date.now() - Number(days) * dayMs }, { signal }),
    placeholderData: (before) => before,
    staleTime: 0,
  });
  return (
    <Section
      title={t('usage')}
      actions={
        <div className="w-44">
          <SelectField
            label={t('usage.span')}
            value={days}
            onChange={(event) => setDays(event.target.value)}
            options={spans.map((one) => [one, t('keys.days', { count: Number(one) })] as const)}
          />
        </div>
      }
    >
      <Loaded query={query}>
        {({ total, calls, byDay, byModel, byChannel }) =>
          calls === 0 ? (
            <p className="rounded-xl border border-dashed border-line px-4 py-6 text-center text-sm text-soft">
              {t('usage.none')}
            </p>
          ) : (
            <div className="space-y-5">
              <p className="text-sm">{inWords({ calls, usage: total })}</p>
              <DayChart
                days={byDay.map((one) => ({
                  day: one.day,
                  amount: tokensOf(one),
                  text: `${dayText(one.day)}: ${inWords(one)}`,
                }))}
                span={Number(days)}
              />
              <Table
                title={t('usage.byModel')}
                rows={byModel.map((one) => ({ ...one, name: `${one.provider}/${one.model}` }))}
              />
              <Table
                title={t('usage.byChannel')}
                rows={byChannel.map((one) => ({ ...one, name: one.channel }))}
              />
            </div>
          )
        }
      </Loaded>
    </Section>
  );
};

const dayText = (day: string): string =>
  new Intl.DateTimeFormat(language.get(), { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

const Table = ({ title, rows }: { title: string; rows: readonly (Used & { name: string })[] }) => (
  <div>
    <h3 className="mb-2 text-sm font-medium text-soft">{title}</h3>
    <List label={title} empty={t('usage.none')}>
      {[...rows]
        .sort((a, b) => tokensOf(b) - tokensOf(a))
        .map((row) => (
          <Entry key={row.name} title={row.name} detail={inWords(row)} />
        ))}
    </List>
  </div>
);
