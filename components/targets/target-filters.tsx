'use client';

import { type FormEvent, useState } from 'react';
import { FilterSelect } from '#components/filters/filter-select.tsx';
import type { FilterValues } from '#components/filters/use-filters.ts';
import { Button } from '#components/ui/button.tsx';
import { Select, TextField } from '#components/ui/fields.tsx';
import type { TargetsModel } from '#lib/show/targets.ts';

export const TARGET_FILTERS = ['pool', 'health', 'search'] as const;
type Name = (typeof TARGET_FILTERS)[number];

export function TargetFilters({
  values,
  set,
  data,
}: {
  readonly values: FilterValues<Name>;
  readonly set: (next: { readonly [K in Name]?: string | null }) => void;
  readonly data: TargetsModel;
}) {
  const { pool, health, search } = values;
  const { up, down, unknown } = data.counts;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Select
        label="Health"
        hideLabel
        value={health ?? ''}
        onChange={(event) => set({ health: event.target.value })}
        options={[
          { value: '', label: `Any health (${up + down + unknown})` },
          { value: 'down', label: `Down (${down})` },
          { value: 'up', label: `Up (${up})` },
          { value: 'unknown', label: `Not scraped yet (${unknown})` },
        ]}
      />
      <FilterSelect
        label="Job"
        all="All jobs"
        names={data.poolNames}
        value={pool}
        onChange={(next) => set({ pool: next })}
      />
      <Search key={search ?? ''} value={search ?? ''} onChange={(text) => set({ search: text })} />
      {(pool || health || search) && (
        <Button variant="ghost" onClick={() => set({ pool: null, health: null, search: null })}>
          Clear
        </Button>
      )}
    </div>
  );
}

/** Taken on Enter or when the field is left: not with every key. */
function Search({ value, onChange }: { readonly value: string; readonly onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const take = () => {
    if (text.trim() !== value) onChange(text.trim());
  };
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        take();
      }}
    >
      <TextField
        label="Search instance, label or error"
        hideLabel
        placeholder="instance, label or error"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        className="w-56"
      />
    </form>
  );
}
