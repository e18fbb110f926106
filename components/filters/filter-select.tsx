import { Select } from '#components/ui/fields.tsx';

/** A select over names that arrived, with "all" first. A name from the URL stays even when this range lacks it. */
export function FilterSelect({
  label,
  all,
  names,
  value,
  onChange,
}: {
  readonly label: string;
  /** Words for "no filter". */
  readonly all: string;
  readonly names: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (value: string | null) => void;
}) {
  const known = value && !names.includes(value) ? [value, ...names] : names;
  return (
    <Select
      label={label}
      hideLabel
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || null)}
      options={[{ value: '', label: all }, ...known.map((name) => ({ value: name, label: name }))]}
      className="max-w-full"
    />
  );
}
