import Link from 'next/link';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ButtonSize = 'sm' | 'md' | 'icon';

const VARIANTS: Record<ButtonVariant, string> = {
  primary: 'bg-accent-fill text-on-fill hover:brightness-110',
  secondary: 'border border-line-strong/50 bg-surface text-text hover:bg-raised',
  ghost: 'text-muted hover:bg-raised hover:text-text',
  danger: 'bg-critical-fill text-on-fill hover:brightness-110',
};
const SIZES: Record<ButtonSize, string> = {
  sm: 'h-7 gap-1 px-2 text-xs',
  md: 'h-8 gap-1.5 px-3 text-sm',
  icon: 'size-8 justify-center',
};

function look(variant: ButtonVariant, size: ButtonSize, className: string | undefined): string {
  return classNames(
    'inline-flex shrink-0 items-center rounded-md font-medium whitespace-nowrap transition-colors disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
    VARIANTS[variant],
    SIZES[size],
    className,
  );
}

interface Look {
  readonly variant?: ButtonVariant;
  /** `icon` is a square: give it an `aria-label`. */
  readonly size?: ButtonSize;
}

export function Button({
  variant = 'secondary',
  size = 'md',
  className,
  ...rest
}: Look & ComponentProps<'button'>) {
  return <button type="button" className={look(variant, size, className)} {...rest} />;
}

/** A link that looks like a button: for going somewhere, never for doing something. */
export function LinkButton({
  variant = 'secondary',
  size = 'md',
  className,
  ...rest
}: Look & ComponentProps<typeof Link>) {
  return <Link className={look(variant, size, className)} {...rest} />;
}
