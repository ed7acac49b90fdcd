import type { Permission } from '@reeve/protocol';
import { type ComponentType, Suspense, useEffect, useRef } from 'react';
import { useAccount } from '../api/account.ts';
import { WithQueries } from '../api/queries.tsx';
import { type TextKey, t } from '../lib/i18n.ts';
import { lateView } from '../lib/late-view.ts';
import { Link } from '../lib/link.tsx';
import { Skeleton } from '../session/notices.tsx';
import { Header } from '../shell/header.tsx';
import { NotYours } from '../ui/loaded.tsx';
import { AllSettings } from './all-settings.tsx';
import { Data } from './data.tsx';
import { General } from './general.tsx';
import { Models } from './models.tsx';

interface SettingsSection {
  label: TextKey;
  View: ComponentType;
  /** An account needs one of these; none for what everybody has. */
  needs?: readonly Permission[];
}

/** Each a part of its own: most people open one of them. */
const late = <N extends string>(load: () => Promise<Record<N, ComponentType>>, name: N) =>
  lateView(async () => ({ default: (await load())[name] }));

const sections: Record<string, SettingsSection> = {
  general: { label: 'settings.general', View: General },
  account: {
    label: 'settings.account',
    View: late(() => import('../account/account.tsx'), 'Account'),
    needs: ['account:manage'],
  },
  people: {
    label: 'settings.people',
    View: late(() => import('../people/people.tsx'), 'People'),
    needs: ['user:manage'],
  },
  policies: {
    label: 'settings.policies',
    View: late(() => import('../policies/policies.tsx'), 'Policies'),
    needs: ['policy:manage', 'policy:explain'],
  },
  budgets: {
    label: 'settings.budgets',
    View: late(() => import('../budgets/budgets.tsx'), 'Budgets'),
    needs: ['budget:manage', 'usage:read'],
  },
  secrets: {
    label: 'settings.secrets',
    View: late(() => import('../secrets/secrets.tsx'), 'Secrets'),
    needs: ['secret:manage', 'secret:own'],
  },
  audit: {
    label: 'settings.audit',
    View: late(() => import('../audit/audit.tsx'), 'Audit'),
    needs: ['audit:read'],
  },
  models: { label: 'settings.models', View: Models, needs: ['system:manage'] },
  all: { label: 'settings.all', View: AllSettings, needs: ['system:manage'] },
  data: { label: 'settings.data', View: Data },
};

export default function Settings({ section }: { section: string }) {
  return (
    <WithQueries>
      <Sections section={section in sections ? section : 'general'} />
    </WithQueries>
  );
}

const Sections = ({ section }: { section: string }) => {
  const { data: account, isPending } = useAccount();
  // Whoever may not even see their own account has what needs nothing.
  const mayOpen = ({ needs }: SettingsSection) =>
    needs === undefined || needs.some((permission) => account?.permissions.includes(permission));
  const { View, needs } = sections[section]!;
  const tabs = useRef<HTMLElement>(null);
  useEffect(() => {
    const current = section && account && tabs.current?.querySelector('[aria-current]');
    if (current) current.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [section, account]);
  return (
    <>
      <Header title={t('settings')} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-3xl px-4 pb-16 sm:px-6">
          <nav
            ref={tabs}
            aria-label={t('settings')}
            className="flex gap-1 overflow-x-auto border-b border-line pb-2 sm:flex-wrap"
          >
            {Object.entries(sections)
              .filter(([, one]) => mayOpen(one))
              .map(([name, { label }]) => (
                <Link
                  key={name}
                  href={`/settings/${name}`}
                  aria-current={name === section ? 'page' : undefined}
                  className="rounded-lg px-3 py-1.5 text-sm whitespace-nowrap text-soft hover:bg-hover aria-[current]:bg-hover aria-[current]:font-medium aria-[current]:text-ink"
                >
                  {t(label)}
                </Link>
              ))}
          </nav>
          <Suspense fallback={<Skeleton />}>
            {needs !== undefined && isPending ? (
              <Skeleton />
            ) : mayOpen(sections[section]!) ? (
              <View />
            ) : (
              <div className="flex flex-col py-16">
                <NotYours />
              </div>
            )}
          </Suspense>
        </div>
      </div>
    </>
  );
};
