import type { ComponentType } from 'react';
import { WithQueries } from '../api/queries.tsx';
import { type TextKey, t } from '../lib/i18n.ts';
import { Link } from '../lib/link.tsx';
import { Header } from '../shell/header.tsx';
import { AllSettings } from './all-settings.tsx';
import { Data } from './data.tsx';
import { General } from './general.tsx';
import { Models } from './models.tsx';

const sections: Record<string, { label: TextKey; View: ComponentType }> = {
  general: { label: 'settings.general', View: General },
  models: { label: 'settings.models', View: Models },
  all: { label: 'settings.all', View: AllSettings },
  data: { label: 'settings.data', View: Data },
};

export default function Settings({ section }: { section: string }) {
  const { View } = sections[section] ?? sections['general']!;
  return (
    <>
      <Header title={t('settings')} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-3xl px-4 pb-16 sm:px-6">
          <nav aria-label={t('settings')} className="flex gap-1 overflow-x-auto border-b border-line pb-2">
            {Object.entries(sections).map(([name, { label }]) => (
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
          <WithQueries>
            <View />
          </WithQueries>
        </div>
      </div>
    </>
  );
}
