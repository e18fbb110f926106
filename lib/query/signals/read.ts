import { type Labels, labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesData } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { SliceOfTime } from '#lib/store/slice-of-time.ts';
import type { MetricReader } from '#lib/store/store.ts';
import { SIGNAL_CATALOGUE } from './registry.ts';
import { instanceOf, type Role, type SignalMapping, serviceOf } from './role.ts';

/** A series whose meaning is known; values are in the role's unit, stale markers and other NaN are left out. */
export interface SignalSeries {
  readonly role: Role;
  readonly service: string;
  readonly instance: string;
  /** Which pool, heap, … of the process; `''` when there is one. */
  readonly part: string;
  readonly metric: string;
  readonly labels: Labels;
  /** May be shared with other series. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

interface Compiled extends SignalMapping {
  readonly whole: RegExp;
}
const COMPILED: readonly Compiled[] = SIGNAL_CATALOGUE.flatMap(([, mappings]) =>
  mappings.map((m) => ({ ...m, whole: new RegExp(`^(?:${m.metric})$`) })),
);

const MAX_KNOWN = 10_000;
/** Mappings by metric: there are few metrics, and many series of each. */
const known = new Map<string, readonly Compiled[]>();

function mappingsOf(metric: string): readonly Compiled[] {
  let found = known.get(metric);
  if (found === undefined) {
    found = COMPILED.filter((m) => m.whole.test(metric));
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(metric, found);
  }
  return found;
}

/** The first mapping that fits a series' labels. */
export function mappingOf(labels: Labels): SignalMapping | undefined {
  return mappingsOf(labelValue(labels, METRIC_NAME)).find((m) =>
    (m.labels ?? []).every(([label, value]) => value.test(labelValue(labels, label))),
  );
}

/** The series as a signal, or undefined when its meaning is not known. */
export function toSignal(series: SeriesData): SignalSeries | undefined {
  const mapping = mappingOf(series.labels);
  if (!mapping) return undefined;
  const isBucket = mapping.role === 'http.server.duration_bucket';
  return {
    role: mapping.role,
    service: serviceOf(series.labels),
    instance: instanceOf(series.labels),
    part: mapping.part ? labelValue(series.labels, mapping.part) : '',
    metric: labelValue(series.labels, METRIC_NAME),
    labels: series.labels,
    ...numbersOf(series, isBucket ? 1 : (mapping.scale ?? 1)),
  };
}

/** Columns without NaN, in the role's unit; the series' own ones where nothing is to be changed. */
function numbersOf(
  { timestamps, values }: SeriesData,
  scale: number,
): Pick<SignalSeries, 'timestamps' | 'values'> {
  let numbers = 0;
  for (const value of values) if (!Number.isNaN(value)) numbers++;
  const scaled = scale === 1 ? values : values.map((value) => value * scale);
  if (numbers === values.length) return { timestamps, values: scaled };
  const keep = (_: number, i: number): boolean => !Number.isNaN(values[i]);
  return { timestamps: timestamps.filter(keep), values: scaled.filter(keep) };
}

/**
 * All series that play one of the roles in the range.
 * @param service of this service alone
 */
export async function readSignals(
  metrics: MetricReader,
  roles: readonly Role[],
  range: TimeRange,
  service?: string,
): Promise<SignalSeries[]> {
  const names = COMPILED.filter((m) => roles.includes(m.role)).map((m) => m.metric);
  if (names.length === 0) return [];
  const found = await metrics.select([{ name: METRIC_NAME, op: '=~', value: names.join('|') }], range);
  const signals: SignalSeries[] = [];
  const slice = new SliceOfTime();
  for (const series of found) {
    if (slice.over()) await slice.next();
    if (service !== undefined && serviceOf(series.labels) !== service) continue;
    const signal = toSignal(series);
    if (signal && roles.includes(signal.role) && signal.timestamps.length > 0) signals.push(signal);
  }
  return signals;
}
