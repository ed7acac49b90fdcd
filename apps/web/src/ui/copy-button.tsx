import { useState } from 'react';
import { copyText } from '../lib/files.ts';
import { t } from '../lib/i18n.ts';
import { IconButton } from './button.tsx';

const shownMs = 1_500;

export const CopyButton = ({ text, label = t('copy') }: { text: string; label?: string }) => {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <IconButton
      icon={isCopied ? 'check' : 'copy'}
      label={isCopied ? t('copied') : label}
      size={16}
      className="size-7"
      onClick={async () => {
        await copyText(text);
        setIsCopied(true);
        setTimeout(() => setIsCopied(false), shownMs);
      }}
    />
  );
};
