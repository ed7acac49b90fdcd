import { useState } from 'react';
import { copyText, saveFile } from '../lib/files.ts';
import { t } from '../lib/i18n.ts';
import { Button } from './button.tsx';
import { CodeText } from './code-text.tsx';
import { Dialog } from './dialog.tsx';
import { Icon } from './icons.tsx';

/** Something made this once and never shown again: to be copied, or kept as a file. */
export const ShownOnce = ({
  title,
  text,
  value,
  filename,
  onDone,
}: {
  title: string;
  text: string;
  value: string;
  filename?: string;
  onDone: () => void;
}) => (
  <Dialog title={title} onClose={onDone}>
    <div className="space-y-4 overflow-y-auto px-5 py-4">
      <p className="text-sm">{text}</p>
      <ShownValue label={title} value={value} {...(filename !== undefined && { filename })} />
      <div className="flex justify-end">
        <Button kind="main" onClick={onDone}>
          {t('done')}
        </Button>
      </div>
    </div>
  </Dialog>
);

/** A value to be copied whole. */
export const ShownValue = ({
  label,
  value,
  filename,
}: {
  label: string;
  value: string;
  filename?: string;
}) => {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <>
      <CodeText label={label} text={value} className="max-h-60 select-all" />
      <div className="flex flex-wrap gap-2">
        <Button
          onClick={async () => {
            await copyText(value);
            setIsCopied(true);
          }}
        >
          <Icon name={isCopied ? 'check' : 'copy'} size={16} /> {t(isCopied ? 'copied' : 'copy')}
        </Button>
        {filename !== undefined && (
          <Button onClick={() => saveFile(filename, 'text/plain', `${value}\n`)}>{t('data.download')}</Button>
        )}
      </div>
    </>
  );
};
