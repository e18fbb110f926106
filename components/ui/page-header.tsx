import Link from 'next/link';
import type { ReactNode } from 'react';

/** The page's `h1`; a route change moves the focus to it. */
export function PageHeader({
  title,
  description,
  back,
  badges,
  actions,
}: {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly back?: { readonly label: string; readonly href: string };
  readonly badges?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        {back && (
          <Link href={back.href} className="text-xs text-muted hover:text-text hover:underline">
            <span aria-hidden>← </span>
            {back.label}
          </Link>
        )}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 id="page-title" tabIndex={-1} className="min-w-0 text-xl font-semibold break-words">
            {title}
          </h1>
          {badges}
        </div>
        {description !== undefined && <p className="mt-0.5 text-muted">{description}</p>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}
