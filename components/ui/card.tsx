import { type ReactNode, useId } from 'react';
import { classNames } from './class-names.ts';

/** A titled region of a page. `flush` lets a table or list reach the edges. */
export function Card({
  title,
  description,
  actions,
  flush = false,
  className,
  children,
}: {
  readonly title?: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly flush?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={classNames('min-w-0 rounded-lg border bg-surface', className)}
    >
      {title !== undefined && (
        <header className="flex min-h-11 items-center justify-between gap-3 px-3 py-1.5 sm:px-4">
          <div className="min-w-0">
            <h2 id={id} className="truncate text-sm font-semibold">
              {title}
            </h2>
            {description !== undefined && <p className="text-xs text-muted">{description}</p>}
          </div>
          {actions !== undefined && <div className="flex shrink-0 items-center gap-1">{actions}</div>}
        </header>
      )}
      <div
        className={classNames(
          !flush && 'px-3 pb-3 sm:px-4 sm:pb-4',
          !flush && title === undefined && 'pt-3 sm:pt-4',
        )}
      >
        {children}
      </div>
    </section>
  );
}
