import { formatBytes } from '../lib/format.ts';
import { t } from '../lib/i18n.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icons.tsx';
import type { Attachment } from './attachments.ts';
import type { Upload } from './drafts.ts';

/** What goes with the next message, before and while it goes. */
export const AttachmentList = ({
  attachments,
  upload,
  failed,
  onRemove,
}: {
  attachments: readonly Attachment[];
  upload: Upload | null;
  failed: readonly Attachment[];
  onRemove: (attachment: Attachment) => void;
}) => (
  <ul className="flex flex-wrap gap-2 px-3 pt-3">
    {attachments.map((one) => {
      const isUnderWay = upload?.of.includes(one) ?? false;
      return (
        <li
          key={one.id}
          className={`relative flex items-center gap-2 overflow-hidden rounded-xl border bg-side py-1 pr-1 pl-1.5 text-sm ${failed.includes(one) ? 'border-bad' : 'border-line'}`}
        >
          {one.kind === 'image' ? (
            <img src={one.url} alt="" className="size-9 rounded-lg object-cover" />
          ) : (
            <Icon name="file" />
          )}
          <span className="max-w-40 truncate">{one.name}</span>
          <span className="text-xs text-soft">{formatBytes(one.bytes)}</span>
          <IconButton
            icon="close"
            size={14}
            className="size-7"
            disabled={isUnderWay}
            label={t('file.remove', { name: one.name })}
            onClick={() => onRemove(one)}
          />
          {isUnderWay && (
            <progress
              className="upload absolute inset-x-0 bottom-0 h-1 w-full"
              aria-label={t('file.sending', { name: one.name })}
              value={upload?.share}
            />
          )}
        </li>
      );
    })}
  </ul>
);
