import type { Fault } from '@reeve/protocol';
import { type ReactNode, useState } from 'react';
import { faultOf } from '../api/client.ts';
import { faultIn } from '../lib/gateway-texts.ts';
import { t } from '../lib/i18n.ts';
import { useGatewayTexts } from '../lib/use-gateway-texts.ts';
import { Button, type ButtonKind } from './button.tsx';
import { Spinner } from './icons.tsx';

/** What went wrong and what to do next, where it happened. */
export const FaultLine = ({ fault }: { fault: Fault }) => {
  const { message, next } = faultIn(useGatewayTexts(), fault);
  return (
    <p role="alert" className="text-sm text-bad [overflow-wrap:anywhere]">
      {message} <span className="text-soft">{next}</span>
    </p>
  );
};

/** Something that can fail: whether it is under way, and how it failed the last time. */
export const useWork = () => {
  const [isBusy, setIsBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  return {
    isBusy,
    fault,
    /** Resolves to whether it was done; a failure is shown by whoever asked. */
    run: async (work: () => Promise<unknown>): Promise<boolean> => {
      setIsBusy(true);
      setFault(null);
      try {
        await work();
        return true;
      } catch (error) {
        setFault(faultOf(error));
        return false;
      } finally {
        setIsBusy(false);
      }
    },
  };
};

/** Reads the fields of a form by name. */
export interface Fields {
  text(name: string): string;
  /** Undefined for what was left empty. */
  optional(name: string): string | undefined;
  /** As it was typed, blanks included. */
  secret(name: string): string;
  isOn(name: string): boolean;
  all(name: string): string[];
}

export const fieldsOf = (form: HTMLFormElement): Fields => {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '').trim();
  return {
    text,
    optional: (name) => text(name) || undefined,
    secret: (name) => String(data.get(name) ?? ''),
    isOn: (name) => data.has(name),
    all: (name) => data.getAll(name).map(String),
  };
};

/** A form that keeps what was typed when it fails, and says why beside its button. */
export const Form = ({
  submit,
  onSubmit,
  onCancel,
  isDangerous = false,
  isReset = false,
  className = '',
  children,
  ...rest
}: {
  submit: string;
  onSubmit: (fields: Fields) => Promise<unknown>;
  onCancel?: () => void;
  isDangerous?: boolean;
  /** Whether it is empty again when it succeeded. */
  isReset?: boolean;
  className?: string;
  children?: ReactNode;
  'aria-label'?: string;
}) => {
  const { isBusy, fault, run } = useWork();
  return (
    <form
      {...rest}
      className={`space-y-4 ${className}`}
      onSubmit={async (event) => {
        event.preventDefault();
        const form = event.currentTarget;
        if ((await run(() => onSubmit(fieldsOf(form)))) && isReset) form.reset();
      }}
    >
      {children}
      {fault && <FaultLine fault={fault} />}
      <div className="flex flex-wrap justify-end gap-2">
        {onCancel && (
          <Button kind="quiet" data-first={isDangerous || undefined} onClick={onCancel}>
            {t('cancel')}
          </Button>
        )}
        <Button kind={isDangerous ? 'danger' : 'main'} type="submit" disabled={isBusy}>
          {isBusy && <Spinner />} {submit}
        </Button>
      </div>
    </form>
  );
};

/** A button whose work can fail: busy meanwhile, and what went wrong stands below it. */
export const WorkButton = ({
  onWork,
  children,
  kind = 'plain',
  disabled = false,
}: {
  onWork: () => Promise<unknown>;
  children: ReactNode;
  kind?: ButtonKind;
  disabled?: boolean;
}) => {
  const { isBusy, fault, run } = useWork();
  return (
    <span className="inline-flex flex-col items-start gap-1">
      <Button kind={kind} disabled={isBusy || disabled} onClick={() => void run(onWork)}>
        {isBusy && <Spinner />} {children}
      </Button>
      {fault && <FaultLine fault={fault} />}
    </span>
  );
};
