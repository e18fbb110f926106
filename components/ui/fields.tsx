import { type ComponentProps, type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

const FIELD =
  'h-8 rounded-md border border-line-strong bg-surface px-2 text-sm text-text placeholder:text-muted disabled:opacity-50';

export function Checkbox({
  label,
  className,
  ...rest
}: { readonly label: ReactNode } & Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <label className={classNames('inline-flex min-h-6 cursor-pointer items-start gap-2', className)}>
      <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent-fill" {...rest} />
      <span>{label}</span>
    </label>
  );
}

/** A native select with its label; `hideLabel` keeps the label for screen readers only. */
export function Select({
  label,
  hideLabel = false,
  options,
  className,
  ...rest
}: {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly options: readonly { readonly value: string; readonly label: string }[];
} & ComponentProps<'select'>) {
  const id = useId();
  return (
    <div className={classNames('inline-flex min-w-0 items-center gap-2', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-xs text-muted'}>
        {label}
      </label>
      <select id={id} className={classNames(FIELD, 'max-w-full')} {...rest}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

export function TextField({
  label,
  hideLabel = false,
  hint,
  error,
  className,
  ...rest
}: {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly hint?: string;
  readonly error?: string;
} & ComponentProps<'input'>) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={classNames('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-xs text-muted'}>
        {label}
      </label>
      <input
        id={id}
        className={classNames(FIELD, 'w-full', error && 'border-critical')}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
        {...rest}
      />
      {note && (
        <p id={`${id}-note`} className={error ? 'text-xs text-critical' : 'text-xs text-muted'}>
          {note}
        </p>
      )}
    </div>
  );
}
