import type { Session } from '@reeve/protocol';
import { useEffect } from 'react';
import { formatCost } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { IconButton } from '../ui/button.tsx';
import { SessionMenu } from './session-menu.tsx';
import { isSideOpen } from './side-state.ts';

export const Header = ({ title, session = null }: { title: string; session?: Session | null }) => {
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title]);
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 px-3 sm:px-5">
      <IconButton
        icon="menu"
        label={t('conversations')}
        className="md:hidden"
        aria-expanded={false}
        onClick={() => isSideOpen.set(true)}
      />
      <h1 className="min-w-0 flex-1 truncate text-[0.95rem] font-medium">{title}</h1>
      {session && session.inputTokens + session.outputTokens > 0 && (
        <span className="hidden text-xs text-soft lg:inline" title={t('usage.session')}>
          {t('tokens', { count: session.inputTokens + session.outputTokens })}
          {session.costUsd > 0 && ` · ${formatCost(session.costUsd)}`}
        </span>
      )}
      {session && <SessionMenu session={session} />}
    </header>
  );
};
