import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';

interface Labelled {
  label: string;
  detail?: ReactNode;
}

/** A control under its name, with what there is to say about it. */
const Field = ({
  label,
  detail,
  children,
}: Labelled & { children: (own: { id: string; 'aria-describedby': string | undefined }) => ReactNode }) => {
  const id = useId();
  return (
    <div className="min-w-0 space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': detail ? `${id}-detail` : undefined })}
      {detail && (
        <p id={`${id}-detail`} className="text-xs text-soft [overflow-wrap:anywhere]">
          {detail}
        </p>
      )}
    </div>
  );
};

export const TextField = ({ label, detail, ...rest }: Labelled & InputHTMLAttributes<HTMLInputElement>) => (
  <Field label={label} detail={detail}>
    {(own) => <input autoComplete="off" className="field" {...own} {...rest} />}
  </Field>
);

export const AreaField = ({
  label,
  detail,
  className = '',
  ...rest
}: Labelled & TextareaHTMLAttributes<HTMLTextAreaElement>) => (
  <Field label={label} detail={detail}>
    {(own) => <textarea rows={2} className={`field ${className}`} {...own} {...rest} />}
  </Field>
);

export const SelectField = ({
  label,
  detail,
  options,
  ...rest
}: Labelled &
  SelectHTMLAttributes<HTMLSelectElement> & {
    options: readonly (readonly [value: string, label: string])[];
  }) => (
  <Field label={label} detail={detail}>
    {(own) => (
      <select className="field" {...own} {...rest}>
        {options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    )}
  </Field>
);

/** A box to tick, with its name beside it. */
export const CheckField = ({ label, detail, ...rest }: Labelled & InputHTMLAttributes<HTMLInputElement>) => (
  <label className="flex items-start gap-2.5 text-sm">
    <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent" {...rest} />
    <span className="min-w-0">
      {label}
      {detail && <span className="block text-xs text-soft">{detail}</span>}
    </span>
  </label>
);
