import { slashCommands } from '@reeve/protocol';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useModels } from '../api/models.ts';
import type { Outgoing } from '../conversation/send.ts';
import { formatBytes } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { useStore } from '../lib/store.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Icon, Spinner } from '../ui/icons.tsx';
import { showToast } from '../ui/toasts.tsx';
import { AttachmentList } from './attachment-list.tsx';
import { type Attachment, accepted, limits, readAttachment } from './attachments.ts';
import { canSend, draftOf, sendDraft } from './drafts.ts';
import { type ModelChoice, ModelPicker } from './model-picker.tsx';

/** Where a message is written. Whatever is unfinished is kept per session, in this browser. */
export const Composer = ({
  draftKey,
  path,
  isRunning,
  choice,
  onChoice,
  onSend,
  onStop,
}: {
  draftKey: string;
  /** Where this is. */
  path: string;
  isRunning: boolean;
  choice: ModelChoice;
  onChoice: (choice: ModelChoice) => void;
  /** Rejects when it was not said: the text then stays. */
  onSend: (outgoing: Outgoing) => Promise<void>;
  onStop: () => void;
}) => {
  const store = draftOf(draftKey);
  const draft = useStore(store);
  const { text, attachments, sending, upload, failed } = draft;
  const setText = (next: string) => store.set((now) => ({ ...now, text: next }));
  const setAttachments = (change: (list: readonly Attachment[]) => readonly Attachment[]) =>
    store.set((now) => ({ ...now, attachments: change(now.attachments) }));
  const [isOver, setIsOver] = useState(false);
  const [chosen, setChosen] = useState(0);
  const [isDismissed, setIsDismissed] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const listId = useId();
  const models = useModels();

  useEffect(() => {
    // On a phone the keyboard would cover what is to be read.
    if (matchMedia('(hover: hover)').matches) area.current?.focus();
  }, []);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);

  const typed = /^\/(\w*)$/.exec(text)?.[1];
  const commands =
    typed === undefined || isDismissed
      ? []
      : slashCommands.filter(({ name }) => name.startsWith(typed.toLowerCase()));
  const info = models?.models.find(({ id }) => id === (choice.model ?? models.default));
  const isBlind =
    attachments.some(({ kind }) => kind === 'image') && info !== undefined && info.supportsImages === false;
  const isReady = canSend(draft);

  const addFiles = async (files: readonly File[]) => {
    for (const file of files) {
      if (store.get().attachments.length >= limits.count)
        return showToast(t('file.tooMany', { count: limits.count }), { isBad: true });
      const read = await readAttachment(file);
      if (!read.ok) showToast(read.reason, { isBad: true });
      else setAttachments((list) => [...list.filter(({ id }) => id !== read.attachment.id), read.attachment]);
    }
  };

  const submit = async () => {
    await sendDraft(store, onSend, { isShown: () => isShown.current, path });
    area.current?.focus();
  };

  const complete = (name: string) => {
    setText(`/${name} `);
    setChosen(0);
    area.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const command = commands[chosen];
    if (command) {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) {
        event.preventDefault();
        return setChosen((chosen + step + commands.length) % commands.length);
      }
      if (event.key === 'Tab' || (event.key === 'Enter' && typed !== command.name)) {
        event.preventDefault();
        return complete(command.name);
      }
      if (event.key === 'Escape') return setIsDismissed(true);
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void submit();
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    void addFiles(files);
  };

  return (
    <div className="mx-auto w-full max-w-3xl px-3 pb-3 sm:px-6 sm:pb-5">
      <form
        className={`relative rounded-2xl border bg-raised shadow-sm transition-colors focus-within:border-accent ${isOver ? 'border-accent' : 'border-line'}`}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          void addFiles([...event.dataTransfer.files]);
        }}
      >
        {commands.length > 0 && (
          <div
            id={listId}
            role="listbox"
            aria-label={t('commands')}
            className="absolute inset-x-0 bottom-full z-10 mb-2 max-h-72 overflow-y-auto rounded-xl border border-line bg-raised p-1 shadow-lg"
          >
            {commands.map(({ name, usage }, at) => (
              <div
                key={name}
                id={`${listId}-${at}`}
                role="option"
                tabIndex={-1}
                aria-selected={at === chosen}
                className={`flex flex-wrap gap-x-3 rounded-lg px-3 py-1.5 text-sm ${at === chosen ? 'bg-hover' : ''}`}
                onMouseDown={(event) => {
                  event.preventDefault();
                  complete(name);
                }}
                onMouseEnter={() => setChosen(at)}
              >
                <span className="font-mono">{usage}</span>
                <span className="text-soft">{t(`command.${name}`)}</span>
              </div>
            ))}
          </div>
        )}
        {attachments.length > 0 && (
          <AttachmentList
            attachments={attachments}
            upload={upload}
            failed={failed?.attachments ?? []}
            onRemove={(gone) => setAttachments((list) => list.filter((one) => one !== gone))}
          />
        )}
        {failed !== null && isReady && (
          <p role="alert" className="flex flex-wrap items-center gap-x-3 px-4 pt-2 text-sm text-bad">
            <Icon name="alert" size={16} /> {t('notSent')}
            <Button className="ml-auto" onClick={() => void submit()}>
              {t('sendAgain')}
            </Button>
          </p>
        )}
        {isBlind && <p className="px-4 pt-2 text-sm text-bad">{t('file.blind', { model: info.name })}</p>}
        <textarea
          ref={area}
          rows={1}
          value={text}
          maxLength={1_000_000}
          aria-label={t('message')}
          placeholder={isOver ? t('file.drop') : t('placeholder')}
          aria-controls={commands.length > 0 ? listId : undefined}
          aria-activedescendant={commands.length > 0 ? `${listId}-${chosen}` : undefined}
          className="field-sizing-content max-h-[40dvh] min-h-12 w-full resize-none bg-transparent px-4 pt-3 pb-1 outline-none placeholder:text-soft"
          onChange={(event) => {
            setText(event.target.value);
            setIsDismissed(false);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <div className="flex items-center gap-1 px-2 pb-2">
          <IconButton
            icon="clip"
            label={t('file.add', {
              image: formatBytes(limits.imageBytes),
              text: formatBytes(limits.textBytes),
            })}
            onClick={() => picker.current?.click()}
          />
          <input
            ref={picker}
            type="file"
            multiple
            accept={accepted}
            hidden
            onChange={(event) => {
              void addFiles([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
          <ModelPicker choice={choice} onChange={onChoice} />
          <span className="flex-1" />
          {isRunning && <IconButton icon="stop" kind="plain" label={t('stop')} onClick={onStop} />}
          <button
            type="submit"
            aria-label={t('send')}
            title={t('send')}
            disabled={!isReady}
            className="flex size-8 items-center justify-center rounded-lg bg-accent text-on-accent transition-opacity hover:bg-accent-strong disabled:opacity-35"
          >
            {sending !== null ? <Spinner /> : <Icon name="send" />}
          </button>
        </div>
      </form>
    </div>
  );
};
