import { Suspense, useState } from 'react';
import type { AnswerItem } from '../conversation/items.ts';
import { formatCost, formatDateTime, formatDuration, formatTime } from '../lib/format.ts';
import { phraseIn } from '../lib/gateway-texts.ts';
import { language, t } from '../lib/i18n.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { LazyMarkdown } from '../markdown/lazy-markdown.tsx';
import { IconButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { ToolCard } from './tool-card.tsx';

export interface AnswerActions {
  onRegenerate: (answer: AnswerItem) => void;
  onBranch: (messageId: string) => void;
}

/** What a model said: its thoughts, its words, what it did, and how it came about. */
export const Answer = ({ answer, onRegenerate, onBranch }: { answer: AnswerItem } & AnswerActions) => {
  const { text, reasoning, calls, isLive } = answer;
  const [isExplained, setIsExplained] = useState(false);
  // Steps on the way to an answer are told by their calls.
  const isStep = calls.length > 0;
  const tookOver = answer.attempts.some(({ outcome }) => outcome === 'failed');
  return (
    <article aria-label={t('answer')} aria-busy={isLive} className="assistant group mb-5 space-y-3">
      {reasoning !== '' && <Reasoning text={reasoning} isLive={isLive && text === ''} />}
      {text !== '' && (
        <Suspense fallback={<div className="prose whitespace-pre-wrap">{text}</div>}>
          <LazyMarkdown text={text} isLive={isLive} />
        </Suspense>
      )}
      {calls.map((call) => (
        <ToolCard key={call.key} call={call} />
      ))}
      {!isLive && (!isStep || tookOver) && (
        <footer className="-ml-1.5 flex min-h-7 flex-wrap items-center gap-0.5 text-xs text-soft">
          {text !== '' && <CopyButton text={text} label={t('copyAnswer')} />}
          {answer.runId !== null && (
            <IconButton
              icon="again"
              size={16}
              className="size-7"
              label={t('regenerate')}
              onClick={() => onRegenerate(answer)}
            />
          )}
          <IconButton
            icon="branch"
            size={16}
            className="size-7"
            label={t('branchHere')}
            onClick={() => onBranch(answer.id)}
          />
          {answer.model !== null && (
            <button
              type="button"
              aria-expanded={isExplained}
              title={t('explain')}
              onClick={() => setIsExplained(!isExplained)}
              className="flex min-w-0 items-center gap-1 rounded-md px-1.5 py-1 hover:bg-hover hover:text-ink"
            >
              {tookOver && <Icon name="alert" size={14} className="text-bad" />}
              <span className="truncate">{answer.model}</span>
              <span className="hidden sm:inline">{summaryOf(answer)}</span>
            </button>
          )}
          <time
            dateTime={new Date(answer.at).toISOString()}
            title={formatDateTime(answer.at)}
            className="ml-auto pl-2 opacity-0 transition-opacity group-hover:opacity-100 group-focus-within:opacity-100"
          >
            {formatTime(answer.at)}
          </time>
        </footer>
      )}
      {isExplained && <Explanation answer={answer} />}
    </article>
  );
};

const summaryOf = ({ usage, durationMs }: AnswerItem): string =>
  [
    '',
    ...(usage ? [t('tokens', { count: usage.inputTokens + usage.outputTokens })] : []),
    ...(usage?.costUsd ? [formatCost(usage.costUsd)] : []),
    ...(durationMs === null ? [] : [formatDuration(durationMs)]),
  ].join(' · ');

const Reasoning = ({ text, isLive }: { text: string; isLive: boolean }) => {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="text-sm">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex items-center gap-2 rounded-md py-1 text-soft hover:text-ink"
      >
        <Icon name="spark" size={16} />
        {isLive ? t('thinkingNow') : t('thoughts')}
        <Icon name="down" size={14} className={`transition-transform ${isOpen ? 'rotate-180' : ''}`} />
      </button>
      {(isOpen || isLive) && (
        <div
          className={`mt-1 border-l-2 border-line pl-4 whitespace-pre-wrap text-soft [overflow-wrap:anywhere] ${isOpen ? '' : 'line-clamp-3'}`}
        >
          {text}
        </div>
      )}
    </div>
  );
};

const Explanation = ({ answer: { attempts, usage, durationMs, firstTokenMs } }: { answer: AnswerItem }) => {
  const texts = useGatewayTexts();
  const figures: [label: string, value: string][] = [];
  if (usage) {
    figures.push(
      [t('usage.in'), usage.inputTokens.toLocaleString(language.get())],
      [t('usage.out'), usage.outputTokens.toLocaleString(language.get())],
    );
    if (usage.cacheReadTokens)
      figures.push([t('usage.cached'), usage.cacheReadTokens.toLocaleString(language.get())]);
    figures.push([
      t('usage.cost'),
      usage.costUsd === undefined ? t('usage.unknown') : formatCost(usage.costUsd),
    ]);
  }
  if (firstTokenMs !== null) figures.push([t('usage.first'), formatDuration(firstTokenMs)]);
  if (durationMs !== null) figures.push([t('usage.whole'), formatDuration(durationMs)]);
  return (
    <div className="rounded-xl border border-line bg-side p-4 text-sm">
      {attempts.length > 0 && (
        <ol className="mb-3 space-y-1.5">
          {attempts.map(({ provider, model, outcome, why }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same model may be tried twice.
            <li key={at} className="flex gap-2">
              <Icon
                name={outcome === 'answered' ? 'check' : outcome === 'failed' ? 'alert' : 'right'}
                size={16}
                className={`mt-0.5 shrink-0 ${outcome === 'answered' ? 'text-good' : outcome === 'failed' ? 'text-bad' : 'text-soft'}`}
              />
              <span>
                <span className="font-medium">{`${provider}/${model}`}</span>{' '}
                <span className="text-soft">{`${t(`attempt.${outcome}`)}: ${phraseIn(texts, why)}`}</span>
              </span>
            </li>
          ))}
        </ol>
      )}
      <dl className="flex flex-wrap gap-x-6 gap-y-1">
        {figures.map(([label, value]) => (
          <div key={label} className="flex gap-1.5">
            <dt className="text-soft">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
};
