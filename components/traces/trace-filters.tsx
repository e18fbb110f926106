'use client';

import { type FormEvent, useState } from 'react';
import { FilterSelect } from '#components/filters/filter-select.tsx';
import type { FilterValues } from '#components/filters/use-filters.ts';
import { Button } from '#components/ui/button.tsx';
import { Select, TextField } from '#components/ui/fields.tsx';
import { parseDuration } from '#lib/model/time-range.ts';
import type { TracesModel } from '#lib/show/trace-row.ts';

export const TRACE_FILTERS = ['service', 'operation', 'sort', 'minDurationMs'] as const;
type Name = (typeof TRACE_FILTERS)[number];

const SORTS = [
  { value: '', label: 'Newest' },
  { value: 'slowest', label: 'Slowest' },
  { value: 'failed', label: 'With errors' },
];

export function TraceFilters({
  values,
  set,
  data,
}: {
  readonly values: FilterValues<Name>;
  readonly set: (next: { readonly [K in Name]?: string | null }) => void;
  readonly data: TracesModel | undefined;
}) {
  const { service, operation, sort, minDurationMs } = values;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Select
        label="Which"
        hideLabel
        options={SORTS}
        value={sort ?? ''}
        onChange={(event) => set({ sort: event.target.value })}
      />
      <FilterSelect
        label="Service"
        all="All services"
        names={data?.services ?? []}
        value={service}
        onChange={(next) => set({ service: next, operation: null })}
      />
      <FilterSelect
        label="Operation"
        all={service ? 'All operations' : 'All operations (choose a service first)'}
        names={data?.operations ?? []}
        value={operation}
        onChange={(next) => set({ operation: next })}
      />
      <MinDuration
        key={minDurationMs ?? ''}
        value={minDurationMs}
        onChange={(ms) => set({ minDurationMs: ms })}
      />
      {(service || operation || sort || minDurationMs) && (
        <Button
          variant="ghost"
          onClick={() => set({ service: null, operation: null, sort: null, minDurationMs: null })}
        >
          Clear
        </Button>
      )}
    </div>
  );
}

/** Taken on Enter or when the field is left: not with every key. */
function MinDuration({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (ms: string | null) => void;
}) {
  const [text, setText] = useState(value ? `${value}ms` : '');
  const ms = readDuration(text);
  const take = () => {
    const next = ms ? String(ms) : null;
    if (ms !== undefined && next !== (value ?? null)) onChange(next);
  };
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        take();
      }}
    >
      <TextField
        label="At least this long"
        hideLabel
        placeholder="min. e.g. 250ms, 2s"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        className="w-40"
        {...(ms === undefined ? { error: 'write 250ms, 1.5s or 2m' } : {})}
      />
    </form>
  );
}

/** `250` and `250ms` → 250; empty → 0; undefined when it cannot be read. */
function readDuration(text: string): number | undefined {
  const trimmed = text.trim().replaceAll(' ', '');
  if (trimmed === '') return 0;
  return /^\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : parseDuration(trimmed);
}
