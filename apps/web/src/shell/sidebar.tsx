import type { Activity, RunOutcome, Session } from '@reeve/protocol';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { usePending } from '../api/approvals.ts';
import { client, faultOf } from '../api/client.ts';
import { isUnread, loadMore, sessionList, upsert, useSessions } from '../api/sessions.ts';
import { activityText } from '../lib/activity-text.ts';
import { ageGroup } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { Link } from '../lib/link.tsx';
import { navigate, sessionPath, useRoute } from '../lib/router.ts';
import { useStore } from '../lib/store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Icon, type IconName, Spinner, Writing } from '../ui/icons.tsx';
import { showFault } from '../ui/toasts.tsx';
import { SessionMenu } from './session-menu.tsx';
import { isSideOpen, overlay, renamed } from './side-state.ts';

/** More of them stand on the page of approvals. */
const shownWaiting = 5;
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
          <Place href="/approvals" icon="bell" isCurrent={route.view === 'approvals'}>
            {t('approvals')} <PendingBadge />
          </Place>
          <Place href="/settings" icon="settings" isCurrent={route.view === 'settings'}>
            {t('settings')}
          </Place>
        </div>
      </nav>
    </>
  );
};

const Place = ({
  href,
  icon,
  isCurrent,
  children,
}: {
  href: string;
  icon: IconName;
  isCurrent: boolean;
  children: ReactNode;
}) => (
  <Link
    href={href}
    aria-current={isCurrent ? 'page' : undefined}
    className="flex items-center gap-2.5 rounded-lg px-3 py-2 text-sm text-soft hover:bg-hover hover:text-ink aria-[current]:bg-hover aria-[current]:text-ink"
  >
    <Icon name={icon} /> {children}
  </Link>
);

/** How many questions wait for whoever looks. */
const PendingBadge = () => {
  const count = usePending()?.filter(({ mayDecide }) => mayDecide).length ?? 0;
  return (
    <span className="ml-auto">
      {count > 0 && (
        <span className="rounded-full bg-accent px-2 py-0.5 text-xs font-semibold text-on-accent">
          {count} <span className="sr-only">{t('waiting')}</span>
        </span>
      )}
    </span>
  );
};

/** Sessions in which somebody is asked something that whoever looks may answer. */
const Waiting = () => {
  const { byId } = useStore(sessionList);
  const waiting = usePending()?.filter(({ mayDecide }) => mayDecide) ?? [];
  if (waiting.length === 0) return null;
  return (
    <section aria-label={t('waitsForYou')}>
      <h2 className="px-3 pt-4 pb-1 text-xs font-medium text-soft">{t('waitsForYou')}</h2>
      <ul>
        {waiting.slice(0, shownWaiting).map(({ id, sessionId, calls }) => (
          <li key={id}>
            <Link
              href={byId.has(sessionId) ? sessionPath(sessionId) : '/approvals'}
              className="flex items-center gap-2 rounded-lg px-3 py-1.5 text-sm hover:bg-hover"
            >
              <Icon name="bell" size={15} className="shrink-0 text-accent" />
              <span className="min-w-0 flex-1 truncate">{`${calls[0]!.tool} ${calls[0]!.target}`}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
};

const SessionList = ({ current }: { current: string | null }) => {
  const { sorted, state, nextCursor, outcomes, readSeqs, activities } = useSessions();
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
      <div role="status">
        <Waiting />
      </div>
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
                isNew={session.id !== current && isUnread(session, { readSeqs })}
                activity={activities.get(session.id)}
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
  isNew,
  activity,
  outcome,
}: {
  session: Session;
  isCurrent: boolean;
  isNew: boolean;
  activity: Activity | undefined;
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
    ? activityText(activity)
    : outcome === 'failed'
      ? t('mark.failed')
      : isNew
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
        <span className={`min-w-0 flex-1 truncate ${isNew ? 'font-semibold' : ''}`}>
          {title || t('untitled')}
        </span>
        {mark !== null && (
          <span title={mark} className="flex items-center">
            {isRunning ? (
              activity?.phase === 'writing' ? (
                <Writing />
              ) : activity?.phase === 'asking' ? (
                <Icon name="bell" size={15} className="text-accent" />
              ) : (
                <Spinner />
              )
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
