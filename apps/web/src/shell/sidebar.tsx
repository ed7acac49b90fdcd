import type { RunOutcome, Session } from '@reeve/protocol';
import { useEffect, useRef, useState } from 'react';
import { client, faultOf } from '../api/client.ts';
import { loadMore, seen, upsert, useSessions } from '../api/sessions.ts';
import { ageGroup } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { Link } from '../lib/link.tsx';
import { navigate, sessionPath, useRoute } from '../lib/router.ts';
import { useStore } from '../lib/store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Icon, Spinner } from '../ui/icons.tsx';
import { showFault } from '../ui/toasts.tsx';
import { SessionMenu } from './session-menu.tsx';
import { isSideOpen, overlay, renamed } from './side-state.ts';

const isMac = /Mac|iP/.test(navigator.platform);

export const Sidebar = () => {
  const isOpen = useStore(isSideOpen);
  const route = useRoute();
  useEffect(() => {
    if (route) isSideOpen.set(false);
  }, [route]);
  return (
    <>
      {isOpen && (
        <button
          type="button"
          aria-label={t('close')}
          className="fixed inset-0 z-10 bg-black/30 md:hidden"
          onClick={() => isSideOpen.set(false)}
        />
      )}
      <nav
        aria-label={t('conversations')}
        className={`${isOpen ? 'flex' : 'hidden'} fixed inset-y-0 left-0 z-20 w-72 max-w-[85vw] shrink-0 flex-col border-r border-line bg-side md:static md:flex md:w-68`}
      >
        <div className="flex h-13 items-center gap-2 px-4">
          <img src="/icon.svg" alt="" width={24} height={24} className="rounded-md" />
          <span className="flex-1 font-semibold tracking-tight">{t('product')}</span>
          <IconButton
            icon="close"
            label={t('close')}
            className="md:hidden"
            onClick={() => isSideOpen.set(false)}
          />
        </div>
        <div className="flex gap-2 px-3 pb-2">
          <Button className="flex-1 justify-start" onClick={() => navigate('/')}>
            <Icon name="plus" size={16} /> {t('newConversation')}
          </Button>
          <IconButton
            icon="search"
            kind="plain"
            className="size-9"
            label={`${t('search')} (${isMac ? '⌘' : 'Ctrl'} K)`}
            onClick={() => overlay.set('palette')}
          />
        </div>
        <SessionList current={route.view === 'session' ? route.id : null} />
        <div className="border-t border-line p-2">
          <Link
            href="/settings"
            aria-current={route.view === 'settings' ? 'page' : undefined}
            className="flex items-center gap-2.5 rounded-lg px-3 py-2 text-sm text-soft hover:bg-hover hover:text-ink aria-[current]:bg-hover aria-[current]:text-ink"
          >
            <Icon name="settings" /> {t('settings')}
          </Link>
        </div>
      </nav>
    </>
  );
};

const SessionList = ({ current }: { current: string | null }) => {
  const { sorted, state, nextCursor, outcomes } = useSessions();
  const read = useStore(seen);
  const groups = Map.groupBy(sorted, ({ updatedAt }) => ageGroup(updatedAt));
  if (state === 'loading')
    return (
      <div role="status" aria-label={t('loading')} className="flex-1 space-y-3 px-5 pt-3">
        {[70, 55, 80, 45].map((width) => (
          <div key={width} className="skeleton h-4" style={{ width: `${width}%` }} />
        ))}
      </div>
    );
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
      {sorted.length === 0 && (
        <p className="px-3 py-6 text-center text-sm text-soft">
          {state === 'failed' ? t('listFailed') : t('noConversations')}
        </p>
      )}
      {[...groups].map(([group, sessions]) => (
        <section key={group} aria-label={group}>
          <h2 className="px-3 pt-4 pb-1 text-xs font-medium text-soft">{group}</h2>
          <ul>
            {sessions.map((session) => (
              <Entry
                key={session.id}
                session={session}
                isCurrent={session.id === current}
                isUnread={session.id !== current && session.lastSeq > (read[session.id] ?? session.lastSeq)}
                outcome={outcomes.get(session.id)}
              />
            ))}
          </ul>
        </section>
      ))}
      {nextCursor !== null && (
        <Button
          kind="quiet"
          className="mt-2 w-full"
          onClick={() => void loadMore().catch((error: unknown) => showFault(faultOf(error)))}
        >
          {t('more')}
        </Button>
      )}
    </div>
  );
};

const Entry = ({
  session,
  isCurrent,
  isUnread,
  outcome,
}: {
  session: Session;
  isCurrent: boolean;
  isUnread: boolean;
  outcome: RunOutcome | undefined;
}) => {
  const { id, title, isRunning } = session;
  const isRenamed = useStore(renamed) === id;
  if (isRenamed)
    return (
      <li>
        <Rename session={session} />
      </li>
    );
  const mark = isRunning
    ? t('mark.running')
    : outcome === 'failed'
      ? t('mark.failed')
      : isUnread
        ? t('mark.unread')
        : null;
  return (
    <li className="group relative">
      <Link
        href={sessionPath(id)}
        aria-current={isCurrent ? 'page' : undefined}
        title={title}
        onDoubleClick={() => renamed.set(id)}
        className="flex items-center gap-2 rounded-lg py-1.5 pr-9 pl-3 text-sm hover:bg-hover aria-[current]:bg-hover"
      >
        <span className={`min-w-0 flex-1 truncate ${isUnread ? 'font-semibold' : ''}`}>
          {title || t('untitled')}
        </span>
        {mark !== null && (
          <span title={mark} className="flex items-center">
            {isRunning ? (
              <Spinner />
            ) : outcome === 'failed' ? (
              <Icon name="alert" size={15} className="text-bad" />
            ) : (
              <span className="size-2 rounded-full bg-accent" />
            )}
            <span className="sr-only">{mark}</span>
          </span>
        )}
      </Link>
      <SessionMenu
        session={session}
        className="absolute top-0 right-0.5 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 aria-expanded:opacity-100 touch:opacity-100"
      />
    </li>
  );
};

const Rename = ({ session: { id, title } }: { session: Session }) => {
  const [value, setValue] = useState(title);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const save = async () => {
    renamed.set(null);
    if (value.trim() === '' || value.trim() === title) return;
    try {
      upsert([await client.sessions.update({ id, title: value.trim() })]);
    } catch (error) {
      showFault(faultOf(error));
    }
  };
  return (
    <input
      ref={input}
      aria-label={t('rename')}
      value={value}
      maxLength={200}
      className="field my-0.5 py-1"
      onChange={(event) => setValue(event.target.value)}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        renamed.set(null);
      }}
    />
  );
};
