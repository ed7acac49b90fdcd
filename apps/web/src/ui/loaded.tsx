import type { ReactNode } from 'react';
import { faultOf } from '../api/client.ts';
import { t } from '../lib/i18n.ts';
import { FaultNotice, Notice, Skeleton } from '../session/notices.tsx';
import { Button } from './button.tsx';

/** What was asked for, once it is there; until then that it is on its way, or why it is not. */
export const Loaded = <T,>({
  query: { data, error, refetch },
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  children: (data: T) => ReactNode;
}) => {
  if (data !== undefined) return children(data);
  if (!error) return <Skeleton />;
  const fault = faultOf(error);
  return (
    <div className="flex flex-col py-16">
      {fault.code === 'PERMISSION_DENIED' ? (
        <NotYours />
      ) : (
        <FaultNotice fault={fault}>
          <Button onClick={() => void refetch()}>{t('retry')}</Button>
        </FaultNotice>
      )}
    </div>
  );
};

/** Instead of what an account may not see. */
export const NotYours = () => <Notice icon="alert" title={t('notYours')} text={t('notYoursDetail')} />;
