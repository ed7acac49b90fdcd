import {
  memo,
  type ReactNode,
  startTransition,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Conversation, ConversationState } from '../conversation/conversation.ts';
import type { Block, Item } from '../conversation/items.ts';
import { t } from '../lib/i18n.ts';
import { Icon, Spinner } from '../ui/icons.tsx';

/** Pixels from the end within which a reader counts as being there. */
const endZone = 60;
/** Pixels beyond the screen that are drawn already. */
const margin = 1_500;
/** Height of an item nobody has drawn yet. */
const guessedHeight = 110;

/** Where a reader was in each session when it was left; null = at the end. */
const places = new Map<string, { itemId: string; offset: number } | null>();

/**
 * A conversation of any length: blocks far from the screen are boxes of their height, the browser keeps what is
 * read in place while something above it changes, and at the end the view follows.
 */
export const History = ({
  id,
  conversation,
  state,
  messageId,
  onEnd,
  renderItem,
}: {
  id: string;
  conversation: Conversation;
  state: ConversationState;
  /** Message to show. */
  messageId: string | null;
  /** Called when the reader is at the end, and has seen all there is. */
  onEnd: () => void;
  renderItem: (item: Item) => ReactNode;
}) => {
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const watcher = useRef<Watch>(null);
  const watch = useCallback<Watch>((element, onChange) => {
    watcher.current ??= createWatch(scroller.current!);
    return watcher.current(element, onChange);
  }, []);
  const isAtEnd = useRef(true);
  const latestOnEnd = useRef(onEnd);
  const [hasNew, setHasNew] = useState(false);
  const { blocks, hasOlder } = state;

  const toEnd = useCallback(() => {
    const element = scroller.current!;
    isAtEnd.current = true;
    element.scrollTop = element.scrollHeight;
    setHasNew(false);
    latestOnEnd.current();
  }, []);
  useEffect(() => {
    latestOnEnd.current = onEnd;
    if (isAtEnd.current) onEnd();
  }, [onEnd]);

  // Whoever comes back to a page that was hidden meanwhile sees now what came since.
  useEffect(() => {
    const onShow = () => {
      if (isAtEnd.current) latestOnEnd.current();
    };
    document.addEventListener('visibilitychange', onShow);
    return () => document.removeEventListener('visibilitychange', onShow);
  }, []);

  useLayoutEffect(() => {
    const place = places.get(id);
    if (place && restore(scroller.current!, place)) isAtEnd.current = false;
    else toEnd();
    return () => void places.set(id, isAtEnd.current ? null : placeOf(scroller.current!));
  }, [id, toEnd]);

  // Whatever makes the content taller: text, a picture, a formula that is ready.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) scroller.current!.scrollTop = scroller.current!.scrollHeight;
    });
    observer.observe(content.current!);
    observer.observe(scroller.current!);
    return () => observer.disconnect();
  }, []);

  const lastItem = blocks.at(-1)?.items.at(-1);
  const lastId = useRef(lastItem?.id);
  useEffect(() => {
    if (lastItem?.id === lastId.current) return;
    lastId.current = lastItem?.id;
    if (isAtEnd.current) toEnd();
    else setHasNew(true);
  }, [lastItem, toEnd]);

  const { saidHere } = state;
  const lastSaid = useRef(saidHere);
  useEffect(() => {
    if (saidHere === lastSaid.current) return;
    lastSaid.current = saidHere;
    toEnd();
  }, [saidHere, toEnd]);

  // The browser keeps no place at the very top, where there is nothing above to hold on to.
  const firstBlock = blocks[0]?.id;
  const before = useRef({ firstBlock, height: 0 });
  useLayoutEffect(() => {
    const element = scroller.current!;
    if (before.current.firstBlock !== firstBlock && element.scrollTop === 0 && !isAtEnd.current)
      element.scrollTop = element.scrollHeight - before.current.height;
    before.current = { firstBlock, height: element.scrollHeight };
  });

  useEffect(() => {
    if (messageId === null) return;
    let isHere = true;
    void conversation.loadUntil(messageId).then((isFound) => {
      if (!isHere || !isFound) return;
      isAtEnd.current = false;
      requestAnimationFrame(() => reveal(scroller.current, messageId));
    });
    return () => {
      isHere = false;
    };
  }, [conversation, messageId]);

  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller.current!;
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < endZone;
    if (isAtEnd.current) {
      setHasNew(false);
      onEnd();
    }
    if (hasOlder && scrollTop < margin) void conversation.loadOlder();
  };

  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={scroller}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        tabIndex={0}
        aria-label={t('history')}
        className="h-full overflow-y-auto outline-offset-[-2px]"
      >
        <div
          ref={content}
          role="log"
          aria-live="polite"
          aria-busy={state.openRuns.size > 0}
          className="mx-auto flex max-w-3xl flex-col px-4 pt-6 pb-4 sm:px-6"
        >
          {hasOlder && (
            <p className="flex h-10 items-center justify-center gap-2 text-sm text-soft">
              <Spinner /> {t('older')}
            </p>
          )}
          {blocks.map((block, at) => (
            <BlockView
              key={block.id}
              items={block.items}
              block={block}
              watch={watch}
              isFirstDrawn={at >= blocks.length - 3}
              renderItem={renderItem}
            />
          ))}
        </div>
      </section>
      {hasNew && (
        <button
          type="button"
          onClick={toEnd}
          className="absolute bottom-3 left-1/2 flex -translate-x-1/2 items-center gap-2 rounded-full border border-line bg-raised px-4 py-1.5 text-sm shadow-md hover:bg-hover"
        >
          <Icon name="down" size={16} /> {t('newMessages')}
        </button>
      )}
    </div>
  );
};

type Watch = (element: Element, onChange: (isNear: boolean) => void) => () => void;

/** Tells which elements come near the screen and which leave it: one observer for all of them. */
const createWatch = (root: HTMLElement): Watch => {
  const listeners = new Map<Element, (isNear: boolean) => void>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting);
    },
    { root, rootMargin: `${margin}px 0px` },
  );
  return (element, onChange) => {
    listeners.set(element, onChange);
    observer.observe(element);
    return () => {
      listeners.delete(element);
      observer.unobserve(element);
    };
  };
};

const BlockView = memo(
  ({
    items,
    watch,
    isFirstDrawn,
    renderItem,
  }: {
    block: Block;
    items: readonly Item[];
    watch: Watch;
    isFirstDrawn: boolean;
    renderItem: (item: Item) => ReactNode;
  }) => {
    const ref = useRef<HTMLDivElement>(null);
    const [isDrawn, setIsDrawn] = useState(isFirstDrawn);
    const height = useRef(items.length * guessedHeight);
    useEffect(
      () =>
        watch(ref.current!, (isNear) => {
          const element = ref.current;
          // What is in use is not taken away.
          if (!element || (!isNear && element.contains(document.activeElement))) return;
          if (!isNear) height.current = element.offsetHeight;
          // Whoever types meanwhile comes first.
          startTransition(() => setIsDrawn(isNear));
        }),
      [watch],
    );
    return (
      <div
        ref={ref}
        data-items={items.map(({ id }) => id).join(' ')}
        style={isDrawn ? undefined : { height: height.current }}
      >
        {isDrawn && items.map((item) => <Row key={item.id} item={item} renderItem={renderItem} />)}
      </div>
    );
  },
  (a, b) => a.items === b.items && a.renderItem === b.renderItem,
);

const Row = memo(({ item, renderItem }: { item: Item; renderItem: (item: Item) => ReactNode }) => (
  <div data-item={item.id} className="flow-root">
    {renderItem(item)}
  </div>
));

const rowOf = (scroller: HTMLElement, id: string) =>
  scroller.querySelector<HTMLElement>(`[data-item="${CSS.escape(id)}"]`);

const placeOf = (scroller: HTMLElement) => {
  const { top } = scroller.getBoundingClientRect();
  const rows = [...scroller.querySelectorAll<HTMLElement>('[data-item]')];
  const row = rows.find((one) => one.getBoundingClientRect().bottom > top);
  return row ? { itemId: row.dataset['item']!, offset: row.getBoundingClientRect().top - top } : null;
};

/** Draws the block that holds an item by bringing it near, then the item itself. */
const bringNear = (scroller: HTMLElement, id: string): HTMLElement | null => {
  const row = rowOf(scroller, id);
  if (row) return row;
  scroller.querySelector(`[data-items~="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'start' });
  return null;
};

const restore = (
  scroller: HTMLElement,
  { itemId, offset }: { itemId: string; offset: number },
  tries = 30,
): boolean => {
  const row = bringNear(scroller, itemId);
  if (row) {
    scroller.scrollTop += row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - offset;
    return true;
  }
  if (tries > 0) requestAnimationFrame(() => restore(scroller, { itemId, offset }, tries - 1));
  return scroller.querySelector(`[data-items~="${CSS.escape(itemId)}"]`) !== null;
};

/** Frames in which what is looked for must have been drawn. */
const revealTries = 60;
/** Frames in which neighbours that are drawn too may still move it. */
const settleFrames = 4;
const reveal = (
  scroller: HTMLElement | null,
  id: string,
  tries = revealTries,
  settling = settleFrames,
): void => {
  if (!scroller || tries === 0) return;
  const row = bringNear(scroller, id);
  row?.scrollIntoView({ block: 'center' });
  if (row && settling === settleFrames) {
    row.classList.add('found');
    setTimeout(() => row.classList.remove('found'), 2_000);
  }
  if (row && settling === 0) return;
  requestAnimationFrame(() => reveal(scroller, id, tries - 1, row ? settling - 1 : settling));
};
