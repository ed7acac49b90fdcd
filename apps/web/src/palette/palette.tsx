import { slashCommands } from '@reeve/protocol';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Fragment, type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { client, faultOf } from '../api/client.ts';
import { WithQueries } from '../api/queries.tsx';
import { useSessions } from '../api/sessions.ts';
import { send } from '../conversation/send.ts';
import { t } from '../lib/i18n.ts';
import { currentRoute, navigate, sessionPath } from '../lib/router.ts';
import { theme } from '../lib/theme.ts';
import { shortcuts } from '../shell/keys.ts';
import { deleteSession, exportSession } from '../shell/session-menu.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon, type IconName, Spinner } from '../ui/icons.tsx';
import { showFault } from '../ui/toasts.tsx';

interface Entry {
  key: string;
  icon: IconName;
  title: string;
  detail?: string;
  /** Parts of the detail that are what was searched for. */
  marks?: readonly [from: number, to: number][];
  /** Found for words that stood there before these. */
  isEarlier?: boolean;
  run: () => void;
}

const shownSessions = 8;

/** Everything from one field: sessions by title, messages by their words, commands by name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  return (
    <WithQueries>
      <Search onClose={onClose} />
    </WithQueries>
  );
}

const Search = ({ onClose }: { onClose: () => void }) => {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const [isEntered, setEntered] = useState(false);
  const { groups, isSearching } = useEntries(query.trim());
  const entries = groups.flatMap((group) => group.entries);

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  });

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  useEffect(() => {
    if (!isEntered || isSearching) return;
    setEntered(false);
    run(entries[chosen]);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && entries.length > 0) {
      event.preventDefault();
      setChosen((chosen + step + entries.length) % entries.length);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      const entry = entries[chosen];
      // What was found for earlier words is not what Enter asked for: that is on its way.
      if (isSearching && (!entry || entry.isEarlier)) setEntered(true);
      else run(entry);
    }
  };

  return (
    <Dialog title={t('search')} isTitleHidden onClose={onClose} className="mt-[12dvh] max-w-xl">
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Icon name="search" className="text-soft" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries[chosen] ? `${listId}-${chosen}` : undefined}
          aria-label={t('searchAll')}
          placeholder={t('searchAll')}
          value={query}
          maxLength={200}
          className="h-13 min-w-0 flex-1 bg-transparent outline-none placeholder:text-soft"
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(0);
            setEntered(false);
          }}
          onKeyDown={onKeyDown}
        />
        {isSearching && <Spinner />}
      </div>
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label={t('search')}
        className="max-h-[60dvh] overflow-y-auto p-2"
      >
        {groups.map(({ title, entries: shown }) =>
          shown.length === 0 ? null : (
            // biome-ignore lint/a11y/useSemanticElements: a group of a list box, not of a form.
            <div key={title} role="group" aria-label={title}>
              <div aria-hidden="true" className="px-3 pt-2 pb-1 text-xs font-medium text-soft">
                {title}
              </div>
              {shown.map((entry) => {
                const at = entries.indexOf(entry);
                return (
                  <div
                    key={entry.key}
                    id={`${listId}-${at}`}
                    role="option"
                    tabIndex={-1}
                    aria-selected={at === chosen}
                    className={`flex items-center gap-3 rounded-lg px-3 py-2 text-sm ${at === chosen ? 'bg-hover' : ''}`}
                    onMouseMove={() => setChosen(at)}
                    onClick={() => run(entry)}
                    onKeyDown={onKeyDown}
                  >
                    <Icon name={entry.icon} size={16} className="shrink-0 text-soft" />
                    <span className="min-w-0 flex-1">
                      <span className="block truncate">{entry.title}</span>
                      {entry.detail && (
                        <span className="line-clamp-2 text-xs text-soft">
                          <Marked text={entry.detail} marks={entry.marks ?? []} />
                        </span>
                      )}
                    </span>
                  </div>
                );
              })}
            </div>
          ),
        )}
        {entries.length === 0 && (
          <p className="px-3 py-6 text-center text-sm text-soft">{t('nothingFound')}</p>
        )}
      </div>
    </Dialog>
  );
};

/** A text in which the marked parts stand out. */
const Marked = ({ text, marks }: { text: string; marks: readonly [from: number, to: number][] }) =>
  marks.map(([from, to], at) => (
    <Fragment key={from}>
      {text.slice(marks[at - 1]?.[1] ?? 0, from)}
      <mark className="bg-mark text-ink">{text.slice(from, to)}</mark>
      {at === marks.length - 1 && text.slice(to)}
    </Fragment>
  ));

const useEntries = (
  words: string,
): { groups: { title: string; entries: Entry[] }[]; isSearching: boolean } => {
  const { sorted } = useSessions();
  // Only what the gateway is asked for may lag behind the keys.
  const asked = useDeferredValue(words);
  const found = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) => client.search.messages({ query: asked, limit: 30 }, { signal }),
    enabled: asked !== '',
    staleTime: 5_000,
    // What was found before stands until there is something else: nothing flickers while one types.
    placeholderData: keepPreviousData,
  });
  const isEarlier = asked !== words || found.isPlaceholderData;
  const hits = words === '' ? [] : (found.data?.hits ?? []);
  const fits = (title: string) =>
    words
      .toLowerCase()
      .split(/\s+/)
      .every((word) => title.toLowerCase().includes(word));
  // Those that are known are found by any part of their title, at once; all others by its words.
  const titles = new Map(
    sorted.filter(({ title }) => fits(title)).map(({ id, title }) => [id, title] as const),
  );
  for (const { message, sessionId, title } of hits)
    if (message === null && (!isEarlier || fits(title))) titles.set(sessionId, title);
  const groups = [
    {
      title: t('conversations'),
      entries: [...titles].slice(0, shownSessions).map(
        ([id, title]): Entry => ({
          key: id,
          icon: 'file',
          title: title || t('untitled'),
          run: () => navigate(sessionPath(id)),
        }),
      ),
    },
    { title: t('commands'), entries: commands().filter(({ title }) => fits(title)) },
    {
      title: t('messages'),
      entries: hits.flatMap(({ sessionId, title, message, excerpt, marks }): Entry | [] =>
        message === null
          ? []
          : {
              key: `${sessionId} ${message.id}`,
              icon: 'search',
              title: title || t('untitled'),
              detail: excerpt,
              marks,
              isEarlier,
              run: () => navigate(sessionPath(sessionId, message.id)),
            },
      ),
    },
  ];
  return { groups, isSearching: words !== '' && (isEarlier || found.isFetching) };
};

/** What can be done from anywhere, and with the session that is open. */
const commands = (): Entry[] => {
  const route = currentRoute();
  const session = route.view === 'session' ? route.id : null;
  const say = (text: string) => () =>
    void send(session, { text }).then(
      (id) => navigate(sessionPath(id)),
      (error: unknown) => showFault(faultOf(error)),
    );
  return [
    ...shortcuts
      .filter(({ label }) => label !== 'key.palette')
      .map(
        ({ label, run }): Entry => ({
          key: label,
          icon: label === 'key.new' ? 'plus' : 'right',
          title: t(label),
          run,
        }),
      ),
    { key: 'theme', icon: 'spark', title: t('theme.toggle'), run: toggleTheme },
    ...(session === null
      ? []
      : ([
          {
            key: 'export',
            icon: 'download',
            title: t('export.markdown'),
            run: () => void exportSession(session, 'markdown'),
          },
          { key: 'delete', icon: 'trash', title: t('deleteConversation'), run: () => deleteSession(session) },
        ] satisfies Entry[])),
    ...slashCommands
      .filter(({ name }) => name === 'status' || name === 'usage' || name === 'help' || name === 'tools')
      .map(
        ({ name }): Entry => ({ key: `/${name}`, icon: 'right', title: `/${name}`, run: say(`/${name}`) }),
      ),
  ];
};

const toggleTheme = () => {
  const isDark =
    theme.get() === 'dark' ||
    (theme.get() === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  theme.set(isDark ? 'light' : 'dark');
};
