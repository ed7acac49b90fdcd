import { type TextKey, t } from '../lib/i18n.ts';
import { shortcuts } from '../shell/keys.ts';
import { Dialog } from '../ui/dialog.tsx';

const isMac = /Mac|iP/.test(navigator.platform);
const names: Record<string, string> = {
  mod: isMac ? '⌘' : 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Shift: '⇧',
  Alt: isMac ? '⌥' : 'Alt',
};

/** Keys that are handled where they are pressed. */
const local: readonly { keys: readonly string[]; label: TextKey }[] = [
  { keys: ['/'], label: 'key.focus' },
  { keys: ['Enter'], label: 'key.send' },
  { keys: ['Shift', 'Enter'], label: 'key.line' },
  { keys: ['Esc'], label: 'key.close' },
];

export default function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('key.keys')} onClose={onClose} className="max-w-md">
      <dl className="overflow-y-auto px-5 py-4 text-sm">
        {[...shortcuts, ...local].map(({ keys, label }) => (
          <div key={label} className="flex items-center gap-4 py-1.5">
            <dt className="flex-1">{t(label)}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="rounded-md border border-line bg-side px-1.5 py-0.5 font-mono text-xs"
                >
                  {names[key] ?? key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
