import { useState } from 'react';
import { faultOf } from '../api/client.ts';
import { type NewSessionChoice, type Outgoing, sendFirst } from '../conversation/send.ts';
import { t } from '../lib/i18n.ts';
import { currentRoute, navigate, sessionPath } from '../lib/router.ts';
import { Header } from '../shell/header.tsx';
import { showFault } from '../ui/toasts.tsx';
import { Composer } from './composer.tsx';

const ideas = ['idea.remember', 'idea.calculate', 'idea.remind', 'idea.explain'] as const;

/** Before the first word. */
export const NewView = () => {
  const [choice, setChoice] = useState<NewSessionChoice>({ model: null, params: null });
  const say = async (outgoing: Outgoing) => {
    try {
      const id = await sendFirst(outgoing, choice);
      // Whoever went elsewhere meanwhile is left there; the new session stands in the list.
      if (currentRoute().view === 'new') navigate(sessionPath(id));
    } catch (error) {
      showFault(faultOf(error));
      throw error;
    }
  };
  return (
    <>
      <Header title={t('newConversation')} />
      <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-8 overflow-y-auto px-6">
        <h2 className="text-center text-2xl font-semibold tracking-tight sm:text-3xl">{t('greeting')}</h2>
        <ul className="grid w-full max-w-2xl gap-2 sm:grid-cols-2">
          {ideas.map((idea) => (
            <li key={idea}>
              <button
                type="button"
                className="h-full w-full rounded-xl border border-line px-4 py-3 text-left text-sm text-soft transition-colors hover:bg-hover hover:text-ink"
                onClick={() => void say({ text: t(idea) }).catch(() => {})}
              >
                {t(idea)}
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className="h-7" />
      <Composer
        draftKey="new"
        path="/"
        isRunning={false}
        choice={choice}
        onChoice={setChoice}
        onSend={say}
        onStop={() => {}}
      />
    </>
  );
};
