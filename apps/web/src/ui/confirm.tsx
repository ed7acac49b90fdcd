import { type ReactNode, useState } from 'react';
import { Button, type ButtonKind } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { type Fields, Form } from './form.tsx';

/** Asks before something that cannot be undone; the focus is on leaving it be. */
export const ConfirmButton = ({
  label,
  title,
  text,
  action,
  kind = 'quiet',
  onConfirm,
  children,
  isDangerous = true,
  ...rest
}: {
  label: ReactNode;
  title: string;
  text: string;
  /** What the button that does it says. */
  action: string;
  kind?: ButtonKind;
  onConfirm: (fields: Fields) => Promise<unknown>;
  /** Fields to fill in. */
  children?: ReactNode;
  isDangerous?: boolean;
  'aria-label'?: string;
}) => {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button kind={kind} onClick={() => setIsOpen(true)} {...rest}>
        {label}
      </Button>
      {isOpen && (
        <Dialog title={title} onClose={() => setIsOpen(false)}>
          <Form
            className="overflow-y-auto px-5 py-4"
            submit={action}
            isDangerous={isDangerous}
            onCancel={() => setIsOpen(false)}
            onSubmit={async (fields) => {
              await onConfirm(fields);
              setIsOpen(false);
            }}
          >
            <p className="text-sm">{text}</p>
            {children}
          </Form>
        </Dialog>
      )}
    </>
  );
};
