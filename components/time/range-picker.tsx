'use client';

import { CalendarClock, ChevronDown } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { classNames } from '#components/ui/class-names.ts';
import { Select, TextField } from '#components/ui/fields.tsx';
import { usePopover } from '#components/ui/popover.tsx';
import { parseTime } from '#lib/model/time-range.ts';
import { fromInput, QUICK_RANGES, rangeText, shortRangeText, toInput } from '#lib/show/range-text.ts';
import { useTimeDefaults } from './time-provider.tsx';
import { useTimeRange } from './use-time-range.ts';
import { useZone } from './use-time-text.ts';

/** The range in words; opens quick ranges and exact times. */
export function RangePicker() {
  const range = useTimeRange();
  const zone = useZone();
  const { open, setOpen, root } = usePopover<HTMLDivElement>();
  const choose = (from: string, to: string) => {
    range.setRange(from, to);
    setOpen(false);
    root.current?.querySelector<HTMLElement>('[aria-expanded]')?.focus();
  };
  return (
    <div ref={root} className="relative min-w-0">
      <Button
        aria-expanded={open}
        aria-haspopup="dialog"
        disabled={!range.changeable}
        onClick={() => setOpen(!open)}
        className="max-w-full"
      >
        <CalendarClock aria-hidden className="text-muted" />
        <span className="sr-only">Time range: </span>
        <span className="truncate max-sm:hidden">{rangeText(range.from, range.to, zone)}</span>
        <span className="truncate sm:hidden">{shortRangeText(range.from, range.to, zone)}</span>
        <ChevronDown aria-hidden className="text-muted" />
      </Button>
      {open && (
        <div
          role="dialog"
          aria-label="Time range"
          className="z-40 mt-1 grid rounded-lg border bg-surface shadow-xl max-sm:fixed max-sm:inset-x-3 max-sm:top-11 sm:absolute sm:left-0 sm:w-[30rem] sm:grid-cols-[1fr_11rem]"
        >
          <ExactRange key={`${range.from}|${range.to}|${zone}`} onChoose={choose} />
          <ul className="grid grid-cols-2 gap-x-2 border-t p-2 sm:block sm:border-t-0 sm:border-l">
            {QUICK_RANGES.map(({ from, label }) => {
              const active = range.from === from && range.to === 'now';
              return (
                <li key={from}>
                  <button
                    type="button"
                    aria-current={active || undefined}
                    onClick={() => choose(from, 'now')}
                    className={classNames(
                      'flex h-8 w-full items-center rounded px-2 text-left text-sm hover:bg-raised',
                      active && 'bg-accent-soft font-medium text-accent',
                    )}
                  >
                    {label}
                  </button>
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}

function ExactRange({ onChoose }: { readonly onChoose: (from: string, to: string) => void }) {
  const range = useTimeRange();
  const zone = useZone();
  const { defaults, setDefaults } = useTimeDefaults();
  const [tz, setTz] = useQueryState('tz', parseAsString);
  const [from, setFrom] = useState(toInput(range.from, zone));
  const [to, setTo] = useState(toInput(range.to, zone));
  const [problem, setProblem] = useState<string>();
  const apply = (event: FormEvent) => {
    event.preventDefault();
    const start = fromInput(from, zone);
    const end = fromInput(to, zone);
    const now = Date.now();
    if (start === undefined || end === undefined) {
      setProblem('Write 2026-11-20 14:05 or now-6h');
    } else if ((parseTime(start, now) ?? 0) >= (parseTime(end, now, true) ?? 0)) {
      setProblem('“From” must be before “to”');
    } else {
      onChoose(start, end);
    }
  };
  const chooseZone = (value: string) => {
    setTz(value, { history: 'replace' }).catch(() => undefined);
  };
  return (
    <form onSubmit={apply} className="flex flex-col gap-3 p-3">
      <TextField
        label="From"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
        spellCheck={false}
      />
      <TextField
        label="To"
        value={to}
        onChange={(event) => setTo(event.target.value)}
        spellCheck={false}
        {...(problem === undefined ? {} : { error: problem })}
      />
      <Select
        label="Times in"
        value={tz ?? defaults.zone}
        onChange={(event) => chooseZone(event.target.value)}
        options={[
          { value: 'browser', label: 'local time' },
          { value: 'utc', label: 'UTC' },
        ]}
      />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Button
          variant="ghost"
          size="sm"
          onClick={() =>
            setDefaults({
              from: range.from,
              to: range.to,
              refresh: range.refresh,
              zone: (tz ?? defaults.zone) === 'utc' ? 'utc' : 'browser',
            })
          }
        >
          Keep as my default
        </Button>
        <Button type="submit" variant="primary">
          Apply
        </Button>
      </div>
    </form>
  );
}
