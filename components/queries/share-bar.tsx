import { formatValue } from '#lib/show/format.ts';

/** A share of a whole as a bar with its number. */
export function ShareBar({ ratio }: { readonly ratio: number }) {
  return (
    <span className="inline-flex items-center justify-end gap-2">
      <span
        aria-hidden
        className="h-1.5 w-16 overflow-hidden rounded-full bg-raised max-lg:w-10 max-sm:hidden"
      >
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${Math.min(1, ratio) * 100}%` }}
        />
      </span>
      <span className="min-w-10">{formatValue(ratio, 'ratio')}</span>
    </span>
  );
}
