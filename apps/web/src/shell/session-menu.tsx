import type { Session } from '@reeve/protocol';
import { client, faultOf } from '../api/client.ts';
import { forget, hidden } from '../api/sessions.ts';
import { saveFile } from '../lib/files.ts';
import { t } from '../lib/i18n.ts';
import { Icon } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import { offerUndo, showFault } from '../ui/toasts.tsx';
import { isSideOpen, renamed } from './side-state.ts';

/** Hides a session at once, and deletes it when nobody wanted it back. */
export const deleteSession = (id: string): void => {
  const show = () => hidden.set((ids) => new Set([...ids].filter((one) => one !== id)));
  hidden.set((ids) => new Set([...ids, id]));
  offerUndo(t('deleted'), {
    onUndo: show,
    onDone: () =>
      void client.sessions.delete({ id }).then(
        () => forget(id),
        (error: unknown) => {
          show();
          showFault(faultOf(error));
        },
      ),
  });
};

export const exportSession = async (id: string, format: 'html' | 'markdown' | 'json'): Promise<void> => {
  try {
    const { filename, contentType, content } = await client.sessions.export({ id, format });
    saveFile(filename, contentType, content);
  } catch (error) {
    showFault(faultOf(error));
  }
};

export const SessionMenu = ({
  session: { id, title },
  className = '',
}: {
  session: Session;
  className?: string;
}) => (
  <Menu
    label={t('actionsFor', { title })}
    className={`inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-soft hover:bg-hover hover:text-ink ${className}`}
    trigger={<Icon name="more" />}
    items={[
      {
        label: t('rename'),
        icon: 'pencil',
        onSelect: () => {
          isSideOpen.set(true);
          renamed.set(id);
        },
      },
      { label: t('export.html'), icon: 'download', onSelect: () => void exportSession(id, 'html') },
      { label: t('export.markdown'), icon: 'download', onSelect: () => void exportSession(id, 'markdown') },
      { label: t('export.json'), icon: 'download', onSelect: () => void exportSession(id, 'json') },
      { label: t('delete'), icon: 'trash', isDangerous: true, onSelect: () => deleteSession(id) },
    ]}
  />
);
