import type { Fault } from '@reeve/protocol';
import type { ReactNode } from 'react';
import { faultIn } from '../lib/gateway-texts.ts';
import { t } from '../lib/i18n.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { Icon, type IconName } from '../ui/icons.tsx';

/** A whole view's worth of: nothing here, or something is wrong, and what to do next. */
export const Notice = ({
  icon,
  title,
  text,
  children,
}: {
  icon: IconName;
  title: string;
  text: string;
  children?: ReactNode;
}) => (
  <div className="flex flex-1 flex-col items-center justify-center gap-3 px-6 text-center">
    <Icon name={icon} size={32} className="text-soft" />
    <h2 className="text-lg font-semibold">{title}</h2>
    <p className="max-w-md text-soft">{text}</p>
    {children}
  </div>
);

/** A view that cannot be shown. */
export const FaultNotice = ({ fault, children }: { fault: Fault | null; children: ReactNode }) => {
  const texts = useGatewayTexts();
  const said = fault && faultIn(texts, fault);
  return (
    <Notice icon="alert" title={said?.message ?? t('failed')} text={said?.next ?? ''}>
      {children}
    </Notice>
  );
};

/** The shape of a conversation before it is there. */
export const Skeleton = () => (
  <div
    role="status"
    aria-label={t('loading')}
    className="mx-auto w-full max-w-3xl flex-1 space-y-6 px-6 pt-8"
  >
    <div className="skeleton ml-auto h-10 w-2/5 rounded-2xl" />
    <div className="space-y-2.5">
      <div className="skeleton h-4 w-11/12" />
      <div className="skeleton h-4 w-4/5" />
      <div className="skeleton h-4 w-3/5" />
    </div>
  </div>
);
