import type { Session } from '@reeve/protocol';
import { useState } from 'react';
import { client, faultOf, isSignedOut } from '../api/client.ts';
import { saveFile } from '../lib/files.ts';
import { t } from '../lib/i18n.ts';
import { navigate } from '../lib/router.ts';
import { forgetDrafts } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { showFault } from '../ui/toasts.tsx';
import { Row } from './row.tsx';

const allSessions = async (): Promise<Session[]> => {
  const all: Session[] = [];
  for (let cursor: string | undefined; ; ) {
    const { sessions, nextCursor } = await client.sessions.list({
      limit: 200,
      ...(cursor !== undefined && { cursor }),
    });
    all.push(...sessions);
    if (nextCursor === null) return all;
    cursor = nextCursor;
  }
};

/** What is kept here, to take along; and the way out. */
export const Data = () => {
  const [progress, setProgress] = useState<{ done: number; all: number } | null>(null);
  const [link, setLink] = useState('');
  const guarded = (work: () => Promise<void>) =>
    void work().catch((error: unknown) => showFault(faultOf(error)));
  const exportAll = async () => {
    const sessions = await allSessions();
    const parts: unknown[] = [];
    setProgress({ done: 0, all: sessions.length });
    try {
      for (const { id } of sessions) {
        parts.push(JSON.parse((await client.sessions.export({ id, format: 'json' })).content));
        setProgress({ done: parts.length, all: sessions.length });
      }
      saveFile('reeve.json', 'application/json', JSON.stringify({ conversations: parts }, null, 2));
    } finally {
      setProgress(null);
    }
  };
  return (
    <>
      <Row label={t('data.export')} detail={t('data.exportDetail')}>
        <Button disabled={progress !== null} onClick={() => guarded(exportAll)}>
          {progress === null ? t('data.download') : t('data.progress', progress)}
        </Button>
      </Row>
      <Row label={t('data.link')} detail={t('data.linkDetail')}>
        <Button onClick={() => guarded(async () => setLink((await client.auth.loginLink()).url))}>
          {t('data.newLink')}
        </Button>
        {link !== '' && (
          <input
            readOnly
            aria-label={t('data.link')}
            value={link}
            className="field font-mono"
            onFocus={(event) => event.target.select()}
          />
        )}
      </Row>
      <Row label={t('data.signOut')} detail={t('data.signOutDetail')}>
        <Button
          kind="danger"
          onClick={() =>
            guarded(async () => {
              await client.auth.logout();
              forgetDrafts();
              isSignedOut.set(true);
              navigate('/login', { isReplacing: true });
            })
          }
        >
          {t('data.signOut')}
        </Button>
      </Row>
    </>
  );
};
