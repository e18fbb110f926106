/** How sure a finding is: a word, the percentage, and five steps of a bar. */
export function Confidence({ value }: { readonly value: number }) {
  const word =
    value >= 0.85 ? 'very sure' : value >= 0.65 ? 'fairly sure' : value >= 0.4 ? 'likely' : 'a hint';
  const steps = Math.round(value * 5);
  return (
    <span className="inline-flex items-center gap-1.5 text-xs whitespace-nowrap text-muted">
      <span aria-hidden className="inline-flex gap-0.5">
        {[1, 2, 3, 4, 5].map((step) => (
          <span
            key={step}
            className={step <= steps ? 'h-3 w-1 rounded-sm bg-accent' : 'h-3 w-1 rounded-sm bg-line'}
          />
        ))}
      </span>
      {word} ({Math.round(value * 100)} %)
    </span>
  );
}
