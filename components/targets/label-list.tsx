import type { Label } from '#lib/model/labels.ts';

/** Labels as `name="value"`, wrapping between them. */
export function LabelList({ labels }: { readonly labels: readonly Label[] }) {
  if (labels.length === 0) return <span className="text-muted">none</span>;
  return (
    <ul className="flex min-w-0 flex-wrap gap-1">
      {labels.map(([name, value]) => (
        <li
          key={name}
          className="max-w-full rounded bg-raised px-1.5 py-0.5 font-mono text-xs break-all text-muted"
        >
          {name}=<span className="text-text">{JSON.stringify(value)}</span>
        </li>
      ))}
    </ul>
  );
}
