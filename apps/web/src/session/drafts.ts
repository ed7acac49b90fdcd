import { newKey, type Outgoing } from '../conversation/send.ts';
import { t } from '../lib/i18n.ts';
import { navigate } from '../lib/router.ts';
import { forgetStored, readStored, writeStored } from '../lib/storage.ts';
import { createStore, type Store } from '../lib/store.ts';
import { showToast } from '../ui/toasts.tsx';
import { type Attachment, withTexts } from './attachments.ts';

/** What is on its way, and which share of it has left this browser. They travel in one request. */
export interface Upload {
  of: readonly Attachment[];
  share: number;
}

/** What could not be sent, and the key under which it was tried. */
interface Unsent {
  said: string;
  attachments: readonly Attachment[];
  idempotencyKey: string;
}

/** What somebody is about to say in a session, is saying, or could not say. */
export interface Draft {
  text: string;
  attachments: readonly Attachment[];
  /** What is on its way; null when nothing is. */
  sending: string | null;
  upload: Upload | null;
  failed: Unsent | null;
}

const drafts = new Map<string, Store<Draft>>();
const storedBeginning = 'draft.';

/** What somebody was about to say is not for whoever signs in next. */
export const forgetDrafts = (): void => {
  drafts.clear();
  forgetStored(storedBeginning);
};

/**
 * The draft of a session, or of the one that is not there yet. It outlives the view: whoever looks elsewhere meanwhile
 * finds text and files again. Text is kept by the browser, files only as long as the page is open.
 */
export const draftOf = (key: string): Store<Draft> => {
  const known = drafts.get(key);
  if (known) return known;
  const stored = `${storedBeginning}${key}`;
  const draft = createStore<Draft>({
    text: readStored(stored, ''),
    attachments: [],
    sending: null,
    upload: null,
    failed: null,
  });
  let kept = draft.get().text;
  draft.subscribe(() => {
    const { sending, text } = draft.get();
    // What is not known to have arrived is kept, too: the page may be left before that.
    const next = [sending, text].filter(Boolean).join('\n\n');
    if (next !== kept) writeStored(stored, next);
    kept = next;
  });
  drafts.set(key, draft);
  return draft;
};

export const canSend = ({ sending, text, attachments }: Draft): boolean =>
  sending === null && (text.trim() !== '' || attachments.length > 0);

/**
 * Says a draft. It is emptied at once and comes back when it could not be said; why is told by `say`. Who has gone
 * elsewhere by then (`isShown`) is told where it is, and `path` leads there.
 */
export const sendDraft = async (
  draft: Store<Draft>,
  say: (outgoing: Outgoing) => Promise<void>,
  { isShown, path }: { isShown: () => boolean; path: string },
): Promise<void> => {
  const { text, attachments, failed } = draft.get();
  if (!canSend(draft.get())) return;
  const set = (change: (now: Draft) => Partial<Draft>) => draft.set((now) => ({ ...now, ...change(now) }));
  const said = withTexts(text, attachments) || t('file.look');
  // The answer alone may have been lost: what is the same as before must not be said twice.
  const isSame = failed?.said === said && failed.attachments === attachments;
  const idempotencyKey = isSame ? failed.idempotencyKey : newKey();
  const onUpload = (share: number) => set(() => ({ upload: { of: attachments, share } }));
  set(() => ({ text: '', failed: null, sending: text }));
  if (attachments.length > 0) onUpload(0);
  try {
    await say({
      text: said,
      images: attachments.flatMap((one) => (one.kind === 'image' ? [one.image] : [])),
      idempotencyKey,
      ...(attachments.length > 0 && { onUpload }),
    });
    set((now) => ({
      sending: null,
      attachments: now.attachments.filter((one) => !attachments.includes(one)),
    }));
  } catch {
    set((now) => ({
      sending: null,
      text: [text, now.text].filter(Boolean).join('\n\n'),
      failed: { said, attachments, idempotencyKey },
    }));
    if (!isShown())
      showToast(t('notSentThere'), {
        isBad: true,
        action: { label: t('branchBack'), run: () => navigate(path) },
      });
  } finally {
    set(() => ({ upload: null }));
  }
};
