import { CircleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, LinkButton } from './button.tsx';

/** Nothing to show: why, and the one thing to do about it. */
export function EmptyState({
  title,
  children,
  icon: Icon,
  action,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly icon?: LucideIcon;
  readonly action?: { readonly label: string; readonly href: string };
}) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-8 text-center">
      {Icon && <Icon aria-hidden className="size-6 text-muted" />}
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-prose text-muted">{children}</div>}
      {action && (
        <LinkButton href={action.href} variant="secondary" className="mt-1">
          {action.label}
        </LinkButton>
      )}
    </div>
  );
}

/** Something failed: what, and a way to try again. */
export function ErrorState({
  title = 'This could not be loaded',
  message,
  onRetry,
}: {
  readonly title?: string;
  readonly message: string;
  readonly onRetry?: () => void;
}) {
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-4 py-8 text-center">
      <CircleAlert aria-hidden className="size-6 text-critical" />
      <p className="font-medium">{title}</p>
      <p className="max-w-prose break-words text-muted">{message}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
