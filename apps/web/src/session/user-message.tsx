import type { ImageRef } from '@reeve/protocol';
import { useEffect, useRef, useState } from 'react';
import { faultOf } from '../api/client.ts';
import type { UserItem } from '../conversation/items.ts';
import { formatDateTime } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Icon } from '../ui/icons.tsx';
import { pictureOf } from './pictures.ts';

/** Longer messages begin folded. */
const foldedLength = 2_500;

export const UserMessage = ({
  sessionId,
  message,
  onEdit,
}: {
  sessionId: string;
  message: UserItem;
  onEdit: (message: UserItem, text: string) => Promise<void>;
}) => {
  const { text, images, at } = message;
  const [isEdited, setIsEdited] = useState(false);
  const [isWhole, setIsWhole] = useState(text.length <= foldedLength);
  if (isEdited)
    return (
      <Editor
        text={text}
        onCancel={() => setIsEdited(false)}
        onSave={(changed) => onEdit(message, changed)}
      />
    );
  return (
    <article aria-label={t('you')} className="group mb-4 flex flex-col items-end gap-1">
      {message.isScheduled && (
        <span className="flex items-center gap-1.5 text-xs text-soft">
          <Icon name="bell" size={14} /> {t('scheduled')}
        </span>
      )}
      {images.length > 0 && (
        <div className="flex flex-wrap justify-end gap-2">
          {images.map((image) => (
            <Picture
              key={'url' in image ? image.url : image.artifactId}
              sessionId={sessionId}
              image={image}
            />
          ))}
        </div>
      )}
      {text !== '' && (
        <div className="user max-w-[85%] rounded-2xl rounded-br-md bg-mine px-4 py-2.5 whitespace-pre-wrap [overflow-wrap:anywhere]">
          {isWhole ? text : `${text.slice(0, foldedLength)}…`}
        </div>
      )}
      {!isWhole && (
        <Button kind="quiet" onClick={() => setIsWhole(true)}>
          {t('showAll')}
        </Button>
      )}
      <div className="flex h-7 items-center opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 touch:opacity-100">
        <time dateTime={new Date(at).toISOString()} className="pr-1 text-xs text-soft">
          {formatDateTime(at)}
        </time>
        <CopyButton text={text} label={t('copyMessage')} />
        <IconButton
          icon="pencil"
          size={16}
          className="size-7"
          label={t('editMessage')}
          onClick={() => setIsEdited(true)}
        />
      </div>
    </article>
  );
};

const Editor = ({
  text,
  onCancel,
  onSave,
}: {
  text: string;
  onCancel: () => void;
  onSave: (text: string) => Promise<void>;
}) => {
  const [value, setValue] = useState(text);
  const [isBusy, setIsBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => area.current?.focus(), []);
  const save = async () => {
    if (value.trim() === '') return;
    setIsBusy(true);
    await onSave(value).finally(() => setIsBusy(false));
  };
  return (
    <form
      className="mb-4 rounded-2xl border border-line bg-raised p-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        ref={area}
        aria-label={t('editMessage')}
        value={value}
        rows={3}
        className="field-sizing-content max-h-96 w-full resize-none bg-transparent outline-none"
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel();
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
        }}
      />
      <div className="mt-2 flex items-center justify-end gap-2">
        <span className="mr-auto text-xs text-soft">{t('editHint')}</span>
        <Button kind="quiet" onClick={onCancel}>
          {t('cancel')}
        </Button>
        <Button kind="main" type="submit" disabled={isBusy || value.trim() === ''}>
          {t('sendAsBranch')}
        </Button>
      </div>
    </form>
  );
};

const Picture = ({ sessionId, image }: { sessionId: string; image: ImageRef }) => {
  const artifactId = 'artifactId' in image ? image.artifactId : null;
  const [data, setData] = useState<string | null>(null);
  useEffect(() => {
    // One that is gone stays a grey box; the message says what was asked.
    if (artifactId !== null) pictureOf(sessionId, artifactId).then(setData, faultOf);
  }, [sessionId, artifactId]);
  if ('url' in image)
    return (
      <a href={image.url} target="_blank" rel="noopener noreferrer" className="text-sm text-accent underline">
        {t('pictureElsewhere')}
      </a>
    );
  return data !== null ? (
    <img
      alt={t('picture')}
      src={`data:${image.mediaType};base64,${data}`}
      className="h-48 max-w-72 rounded-xl border border-line object-cover"
    />
  ) : (
    <div className="skeleton h-48 w-48" />
  );
};
