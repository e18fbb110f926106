import { type Labels, labelValue, METRIC_NAME } from '#lib/model/labels.ts';
import type { SeriesData } from '#lib/model/metrics.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
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
  readonly timestamps: readonly number[];
  readonly values: readonly number[];
}

interface Compiled extends SignalMapping {
  readonly whole: RegExp;
}
const COMPILED: readonly Compiled[] = SIGNAL_CATALOGUE.flatMap(([, mappings]) =>
  mappings.map((m) => ({ ...m, whole: new RegExp(`^(?:${m.metric})$`) })),
);

/** The first mapping that fits a series' labels. */
export function mappingOf(labels: Labels): SignalMapping | undefined {
  const name = labelValue(labels, METRIC_NAME);
  return COMPILED.find(
    (m) =>
      m.whole.test(name) && (m.labels ?? []).every(([label, value]) => value.test(labelValue(labels, label))),
  );
}

/** The series as a signal, or undefined when its meaning is not known. */
export function toSignal(series: SeriesData): SignalSeries | undefined {
  const mapping = mappingOf(series.labels);
  if (!mapping) return undefined;
  const isBucket = mapping.role === 'http.server.duration_bucket';
  const scale = isBucket ? 1 : (mapping.scale ?? 1);
  const timestamps: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < series.values.length; i++) {
    const value = series.values[i];
    const at = series.timestamps[i];
    if (value === undefined || at === undefined || Number.isNaN(value)) continue;
    timestamps.push(at);
    values.push(value * scale);
  }
  return {
    role: mapping.role,
    service: serviceOf(series.labels),
    instance: instanceOf(series.labels),
    part: mapping.part ? labelValue(series.labels, mapping.part) : '',
    metric: labelValue(series.labels, METRIC_NAME),
    labels: series.labels,
    timestamps,
    values,
  };
}

/** All series that play one of the roles in the range. */
export async function readSignals(
  metrics: MetricReader,
  roles: readonly Role[],
  range: TimeRange,
): Promise<SignalSeries[]> {
  const names = COMPILED.filter((m) => roles.includes(m.role)).map((m) => m.metric);
  if (names.length === 0) return [];
  const found = await metrics.select([{ name: METRIC_NAME, op: '=~', value: names.join('|') }], range);
  return found.flatMap((series) => {
    const signal = toSignal(series);
    return signal && roles.includes(signal.role) && signal.timestamps.length > 0 ? [signal] : [];
  });
}
