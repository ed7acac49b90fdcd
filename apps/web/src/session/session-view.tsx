import { Suspense, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { client, faultOf } from '../api/client.ts';
import { connection } from '../api/connection.ts';
import { hidden, isUnread, markRead, sessionList, upsert, useSession } from '../api/sessions.ts';
import { conversationOf } from '../conversation/conversation.ts';
import type { AnswerItem, EndItem, Item, UserItem } from '../conversation/items.ts';
import { branch, type Outgoing, send } from '../conversation/send.ts';
import { activityText } from '../lib/activity-text.ts';
import { formatTime } from '../lib/format.ts';
import { faultIn } from '../lib/gateway-texts.ts';
import { t, tCount } from '../lib/i18n.ts';
import { lateView } from '../lib/late-view.ts';
import { Link } from '../lib/link.tsx';
import { navigate, sessionPath } from '../lib/router.ts';
import { useStore } from '../lib/store.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { loadMarkdown } from '../markdown/lazy-markdown.tsx';
import { Header } from '../shell/header.tsx';
import { Button } from '../ui/button.tsx';
import { Icon, Spinner } from '../ui/icons.tsx';
import { showFault, showToast } from '../ui/toasts.tsx';
import { Answer } from './answer.tsx';
import { Composer } from './composer.tsx';
import { History } from './history.tsx';
import type { ModelChoice } from './model-picker.tsx';
import { FaultNotice, Notice, Skeleton } from './notices.tsx';
import { pictureOf } from './pictures.ts';
import { UserMessage } from './user-message.tsx';

const SessionApproval = lateView(() => import('../approvals/session-approval.tsx'));

/** One session: its history, what happens now, and where to go on. */
export default function SessionView({ id, messageId }: { id: string; messageId: string | null }) {
  const session = useSession(id);
  const conversation = useMemo(() => conversationOf(id), [id]);
  const state = useStore(conversation.state);
  const isGone = useStore(hidden).has(id);
  const [isReady, setIsReady] = useState(false);
  // Whoever chose this session sees at once that it is this one; drawing its history comes right behind.
  const isBegun = useDeferredValue(true, false);

  useEffect(() => conversation.follow(), [conversation]);
  // Drawn at once with its renderer: what is read must not jump.
  useEffect(() => void loadMarkdown().then(() => setIsReady(true)), []);
  useEffect(() => {
    if (isGone) navigate('/', { isReplacing: true });
  }, [isGone]);

  const isConnected = useStore(connection) === 'live';
  const onEnd = useCallback(() => {
    if (session && isConnected && document.visibilityState === 'visible')
      if (isUnread(session, sessionList.get())) markRead(id, session.lastSeq);
  }, [id, session, isConnected]);

  const actions = useSessionActions(id, conversation);
  const renderItem = useCallback((item: Item) => renderOne(id, item, actions), [id, actions]);

  const isRunning = state.openRuns.size > 0;
  const toNew = <Button onClick={() => navigate('/')}>{t('newConversation')}</Button>;
  if (state.status === 'failed' && state.blocks.length === 0)
    return (
      <>
        <Header title={t('conversation')} />
        {state.fault?.code === 'NOT_FOUND' ? (
          <Notice icon="search" title={t('missing')} text={t('missingDetail')}>
            {toNew}
          </Notice>
        ) : (
          <FaultNotice fault={state.fault}>{toNew}</FaultNotice>
        )}
      </>
    );
  return (
    <>
      <Header title={session?.title || t('conversation')} session={session} />
      {state.status === 'ready' && isReady && isBegun ? (
        <History
          id={id}
          conversation={conversation}
          state={state}
          messageId={messageId}
          onEnd={onEnd}
          renderItem={renderItem}
        />
      ) : isBegun ? (
        <Skeleton />
      ) : (
        <div className="flex-1" />
      )}
      <Activity state={state} />
      <Composer
        key={id}
        draftKey={id}
        path={sessionPath(id)}
        isRunning={isRunning}
        choice={{ model: session?.model ?? null, params: session?.params ?? null }}
        onChoice={actions.choose}
        onSend={actions.say}
        onStop={actions.stop}
      />
    </>
  );
}

const useSessionActions = (id: string, conversation: ReturnType<typeof conversationOf>) =>
  useMemo(() => {
    const guarded = async <T,>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        showFault(faultOf(error));
        throw error;
      }
    };
    const quietly = (work: () => Promise<unknown>) => void guarded(work).catch(() => {});
    const userMessageOf = (runId: string | null): UserItem | undefined =>
      conversation.state
        .get()
        .blocks.flatMap(({ items }) => items)
        .find((item): item is UserItem => item.kind === 'user' && item.runId === runId);
    const imagesOf = async (message: UserItem) =>
      Promise.all(
        message.images.map(async (image) =>
          'url' in image
            ? { mediaType: image.mediaType, data: image.url }
            : {
                mediaType: image.mediaType,
                data: await pictureOf(id, image.artifactId),
              },
        ),
      );
    /** Says something in place of a message, in a branch. */
    const sayInstead = (message: UserItem, text: string) =>
      guarded(async () => {
        const images = await imagesOf(message);
        const fork = await branch(id, message.id, false);
        await send(fork.id, { text, images });
        navigate(sessionPath(fork.id));
        showToast(t('branched'), {
          action: { label: t('branchBack'), run: () => navigate(sessionPath(id)) },
        });
      });
    return {
      choose: ({ model, params }: ModelChoice) =>
        quietly(async () => upsert([await client.sessions.update({ id, model, params })])),
      say: async (outgoing: Outgoing) => {
        await guarded(() => send(id, outgoing));
        conversation.state.set((before) => ({ ...before, saidHere: before.saidHere + 1 }));
      },
      stop: () => quietly(() => client.chat.abort({ id })),
      edit: sayInstead,
      regenerate: (answer: AnswerItem) => {
        const message = userMessageOf(answer.runId);
        if (message) void sayInstead(message, message.text).catch(() => {});
      },
      retry: ({ runId }: EndItem) => {
        const message = userMessageOf(runId);
        if (message) quietly(async () => send(id, { text: message.text, images: await imagesOf(message) }));
      },
      branchFrom: (messageId: string) =>
        quietly(async () => {
          const fork = await branch(id, messageId, true);
          navigate(sessionPath(fork.id));
          showToast(t('branched'), {
            action: { label: t('branchBack'), run: () => navigate(sessionPath(id)) },
          });
        }),
    };
  }, [id, conversation]);

type Actions = ReturnType<typeof useSessionActions>;

const renderOne = (sessionId: string, item: Item, actions: Actions) => {
  switch (item.kind) {
    case 'user':
      return <UserMessage sessionId={sessionId} message={item} onEdit={actions.edit} />;
    case 'answer':
      return <Answer answer={item} onRegenerate={actions.regenerate} onBranch={actions.branchFrom} />;
    case 'end':
      return <End item={item} onRetry={() => actions.retry(item)} />;
    case 'approval':
      return (
        <Suspense fallback={<div className="skeleton mb-5 h-40" />}>
          <SessionApproval sessionId={sessionId} item={item} />
        </Suspense>
      );
    case 'command':
      return item.name === null ? (
        <p className="mb-3 text-right font-mono text-sm text-soft">{item.text}</p>
      ) : (
        <p className="mb-5 rounded-xl border border-line bg-side px-4 py-3 text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">
          {item.text}
        </p>
      );
    case 'notification':
      return (
        <article className="mb-5 flex gap-3 rounded-xl border border-line bg-side px-4 py-3">
          <Icon name="bell" className="mt-0.5 shrink-0 text-accent" />
          <p className="flex-1 whitespace-pre-wrap">{item.text}</p>
          <time className="text-xs text-soft">{formatTime(item.at)}</time>
        </article>
      );
    case 'fork':
      return (
        <p className="mb-6 flex items-center justify-center gap-2 text-sm text-soft">
          <Icon name="branch" size={16} /> {t('branchOf')}{' '}
          <Link href={sessionPath(item.sessionId)} className="text-accent underline underline-offset-2">
            {t('branchBack')}
          </Link>
        </p>
      );
    case 'summary':
      return (
        <details className="mb-5 text-sm text-soft">
          <summary className="cursor-pointer text-center">{t('compacted')}</summary>
          <p className="mt-2 rounded-xl border border-line bg-side p-4 whitespace-pre-wrap">{item.text}</p>
        </details>
      );
  }
};

const End = ({ item: { outcome, fault }, onRetry }: { item: EndItem; onRetry: () => void }) => {
  const texts = useGatewayTexts();
  const said = fault && faultIn(texts, fault);
  return outcome === 'cancelled' ? (
    <p className="mb-5 flex items-center gap-2 text-sm text-soft">
      <Icon name="stop" size={16} /> {t('stopped')}
      <Button kind="quiet" className="text-accent" onClick={onRetry}>
        {t('retry')}
      </Button>
    </p>
  ) : (
    <div
      role="alert"
      className="mb-5 flex items-start gap-3 rounded-xl border border-line bg-raised px-4 py-3 text-sm"
    >
      <Icon name="alert" className="mt-0.5 shrink-0 text-bad" />
      <div className="flex-1">
        <p>{said?.message ?? t('failed')}</p>
        {said?.next && <p className="text-soft">{said.next}</p>}
      </div>
      <Button onClick={onRetry}>{t('retry')}</Button>
    </div>
  );
};

/** Until the first sign of what it does. */
const thinking = { phase: 'thinking', detail: null } as const;

const Activity = ({
  state: { openRuns, activity, blocks },
}: {
  state: ReturnType<ReturnType<typeof conversationOf>['state']['get']>;
}) => {
  const last = blocks.at(-1)?.items.at(-1);
  const isWriting = last?.kind === 'answer' && last.isLive && last.text !== '';
  const text = openRuns.size === 0 || isWriting ? '' : activityText(activity ?? thinking);
  return (
    <div
      role="status"
      className="mx-auto flex h-7 w-full max-w-3xl items-center gap-2 px-5 text-sm text-soft sm:px-7"
    >
      {text !== '' && (
        <>
          <Spinner /> {text}
        </>
      )}
      {openRuns.size > 1 && <span>{tCount('queued', openRuns.size - 1)}</span>}
    </div>
  );
};
