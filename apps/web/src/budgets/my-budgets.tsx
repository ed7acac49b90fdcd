import { useQuery } from '@tanstack/react-query';
import { client } from '../api/client.ts';
import { t } from '../lib/i18n.ts';
import { Loaded } from '../ui/loaded.tsx';
import { Entry, List, Section } from '../ui/section.tsx';
import { Meter, StateBadge } from './meter.tsx';

/** What bounds one's own spending, and how it stands. */
export const MyBudgets = () => {
  const query = useQuery({
    queryKey: ['budgets', 'mine'],
    queryFn: async ({ signal }) => (await client.budgets.mine({}, { signal })).budgets,
    staleTime: 0,
  });
  return (
    <Section title={t('budget.mine')} detail={t('budget.mineDetail')}>
      <Loaded query={query}>
        {(budgets) => (
          <List label={t('budget.mine')} empty={t('budget.unbounded')}>
            {budgets.map((budget) => {
              const label = `${t(`budget.subject.${budget.subject}`)}, ${t(`budget.period.${budget.period}`)}`;
              return (
                <Entry
                  key={`${budget.id} ${budget.subjectId}`}
                  title={label}
                  badge={<StateBadge state={budget.state} />}
                >
                  <Meter budget={budget} label={label} />
                </Entry>
              );
            })}
          </List>
        )}
      </Loaded>
    </Section>
  );
};
