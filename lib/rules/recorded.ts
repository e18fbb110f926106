import { type Labels, METRIC_NAME } from '#lib/model/labels.ts';
import { type MetricBatch, type SeriesRef, seriesRef, setStale, wordsOf } from '#lib/model/metrics.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { RecordingRuleSpec } from './rule-file.ts';

/** One point of a recorded series; neither value nor histogram marks the series' end. */
export interface RecordedPoint {
  readonly timestamp: number;
  readonly value?: number;
  readonly histogram?: NativeHistogram | undefined;
}

/** A series' labels under the name that the rule records, with the rule's own labels over them. */
export function recordedLabels(labels: Labels, rule: RecordingRuleSpec): SeriesRef {
  const own = new Set(rule.labels.map(([name]) => name));
  const kept = labels.filter(([name]) => name !== METRIC_NAME && !own.has(name));
  return seriesRef([...kept, ...rule.labels, [METRIC_NAME, rule.name]]);
}

/** Throws when two series of the result became one, which Prometheus refuses as well. */
export function distinct(series: readonly SeriesRef[], rule: RecordingRuleSpec): void {
  const keys = new Set(series.map(({ key }) => key));
  if (keys.size < series.length)
    throw new Error(
      `'${rule.name}': the result holds series that differ only in labels which the rule sets; name them in 'by (…)' or set other labels`,
    );
}

/** Collects recorded points into a batch. */
export class Recording {
  private readonly series: SeriesRef[] = [];
  private readonly points: (readonly RecordedPoint[])[] = [];

  get size(): number {
    return this.series.length;
  }

  add(series: SeriesRef, points: readonly RecordedPoint[]): void {
    this.series.push(series);
    this.points.push(points);
  }

  batch(): MetricBatch {
    const plain = this.points.map((points) => points.filter(({ histogram }) => histogram === undefined));
    const offsets = new Uint32Array(this.series.length + 1);
    for (const [i, points] of plain.entries()) offsets[i + 1] = (offsets[i] ?? 0) + points.length;
    const flat = plain.flat();
    const values = new Float64Array(flat.length);
    const words = wordsOf(values);
    for (const [i, { value }] of flat.entries()) {
      if (value === undefined) setStale(words, i);
      else values[i] = value;
    }
    return {
      series: this.series,
      offsets,
      timestamps: Float64Array.from(flat, ({ timestamp }) => timestamp),
      values,
      metadata: [],
      histograms: this.points.flatMap((points, series) =>
        points.flatMap(({ timestamp, histogram }) =>
          histogram === undefined ? [] : [{ series, timestamp, histogram }],
        ),
      ),
    };
  }
}
