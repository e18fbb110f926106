import type { ScrapeConfig } from '#lib/config/scrape-config.ts';
import type { SampleColumns } from '#lib/ingest/sample-columns.ts';
import { METRIC_NAME } from '#lib/model/labels.ts';
import { type SeriesRef, seriesRef } from '#lib/model/metrics.ts';
import type { ScrapeCounts } from './exposition-reader.ts';
import type { Target } from './target.ts';

interface Outcome {
  readonly isUp: boolean;
  readonly durationMs: number;
  readonly counts: ScrapeCounts;
}

type Metric = readonly [name: string, value: (outcome: Outcome) => number];

const METRICS: readonly Metric[] = [
  ['up', ({ isUp }) => (isUp ? 1 : 0)],
  ['scrape_duration_seconds', ({ durationMs }) => durationMs / 1000],
  ['scrape_samples_scraped', ({ counts }) => counts.samples],
  ['scrape_samples_post_metric_relabeling', ({ counts }) => counts.kept],
  ['scrape_series_added', ({ counts }) => counts.added],
];

/** Series that every scrape adds about itself: `up` and the `scrape_…` ones. */
export class ScrapeReport {
  readonly #metrics: readonly Metric[];
  readonly #series: readonly SeriesRef[];

  constructor({ labels, timeoutMs }: Target, { extraMetrics, limits }: ScrapeConfig) {
    const extra: readonly Metric[] = [
      ['scrape_timeout_seconds', () => timeoutMs / 1000],
      ['scrape_sample_limit', () => limits.samples],
      ['scrape_body_size_bytes', ({ counts }) => counts.bytes],
    ];
    this.#metrics = extraMetrics ? [...METRICS, ...extra] : METRICS;
    this.#series = this.#metrics.map(([name]) => seriesRef([...labels, [METRIC_NAME, name]]));
  }

  write(columns: SampleColumns, time: number, outcome: Outcome): void {
    for (const [index, [, value]] of this.#metrics.entries()) {
      const series = this.#series[index];
      if (series === undefined) continue;
      columns.begin(series);
      columns.push(time, value(outcome));
    }
  }

  series(): readonly SeriesRef[] {
    return this.#series;
  }

  holds(key: string): boolean {
    return this.#series.some((series) => series.key === key);
  }
}
