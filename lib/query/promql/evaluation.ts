import type { Matcher, SeriesData } from '#lib/model/metrics.ts';
import { nextTurn } from '#lib/store/next-turn.ts';
import type { MetricReader, SelectOptions } from '#lib/store/store.ts';
import { Annotations } from './annotations.ts';
import { canceledFault, executionFault, timeoutFault } from './fault.ts';
import type { QueryStats, SelectorStats } from './stats.ts';

/** All that an evaluation needs of a store. */
export type MetricSource = Pick<MetricReader, 'select'>;

export interface Limits {
  /** Samples and points held at one time. */
  readonly maxSamples: number;
  readonly timeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = { maxSamples: 50_000_000, timeoutMs: 120_000 };

/** After this long without a break the event loop gets its turn, so that ingest and pages stay answered. */
const SLICE_MS = 20;

export interface EvaluationTimes {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly isInstant: boolean;
}

export interface EvaluationSettings {
  readonly lookbackMs: number;
  readonly limits: Limits;
  readonly signal: AbortSignal | undefined;
  readonly queueMs: number;
}

/** State of one query while it runs. */
export class Evaluation {
  readonly query: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly lookbackMs: number;
  /** One evaluation time, asked for as such: only then does an order of series mean something. */
  readonly isInstant: boolean;
  readonly annotations: Annotations;
  readonly #source: MetricSource;
  readonly #limits: Limits;
  readonly #signal: AbortSignal | undefined;
  readonly #queueMs: number;
  readonly #began: number;
  readonly #deadline: number;
  readonly #fetched = new Map<string, SeriesData[]>();
  readonly #selectors: SelectorStats[] = [];
  #sliceEnd: number;
  #held = 0;
  #peak = 0;
  #fetchedSamples = 0;

  constructor(source: MetricSource, query: string, times: EvaluationTimes, settings: EvaluationSettings) {
    const now = performance.now();
    this.query = query;
    this.startMs = times.startMs;
    this.endMs = times.endMs;
    this.stepMs = times.stepMs;
    this.isInstant = times.isInstant;
    this.lookbackMs = settings.lookbackMs;
    this.annotations = new Annotations(query);
    this.#source = source;
    this.#limits = settings.limits;
    this.#signal = settings.signal;
    this.#queueMs = settings.queueMs;
    this.#began = now;
    this.#deadline = now + settings.limits.timeoutMs;
    this.#sliceEnd = now + SLICE_MS;
  }

  /**
   * Samples of a selector in [from, to]; the same question is put to the store once.
   * @param text the selector as PromQL, for the statistics
   */
  async fetch(
    matchers: readonly Matcher[],
    from: number,
    to: number,
    text: string,
    hint: NonNullable<SelectOptions['hint']>,
  ): Promise<SeriesData[]> {
    // Where rollups stand in for samples, the function decides which.
    const key = JSON.stringify([matchers, from, to, hint.func]);
    const known = this.#fetched.get(key);
    if (known) return known;
    const start = performance.now();
    const found = await this.#source.select(
      matchers,
      { from, to },
      {
        maxSamples: this.#limits.maxSamples - this.#held - this.#fetchedSamples,
        hint,
        ...(this.#signal ? { signal: this.#signal } : {}),
      },
    );
    this.#fetched.set(key, found);
    let samples = 0;
    for (const series of found) samples += series.timestamps.length;
    this.#fetchedSamples += samples;
    const now = performance.now();
    this.#selectors.push({ text, series: found.length, samples, ms: now - start });
    this.#goOn(now);
    this.reserve(0);
    return found;
  }

  /** True when it is time for `pause`; loops over series ask after each. */
  due(): boolean {
    return performance.now() > this.#sliceEnd;
  }

  async pause(): Promise<void> {
    await nextTurn();
    this.#goOn(performance.now());
  }

  #goOn(now: number): void {
    if (this.#signal?.aborted) throw canceledFault('query was canceled in expression evaluation');
    if (now > this.#deadline) throw timeoutFault('query timed out in expression evaluation');
    this.#sliceEnd = now + SLICE_MS;
  }

  /** Counts points about to be allocated against the sample limit. */
  reserve(points: number): void {
    this.#held += points;
    const total = this.#held + this.#fetchedSamples;
    if (total > this.#limits.maxSamples)
      throw executionFault(
        'query processing would load too many samples into memory in query execution; ask for fewer series or a shorter range',
      );
    if (total > this.#peak) this.#peak = total;
  }

  /** What is held now; `settle` returns to it once an intermediate result is no longer needed. */
  held(): number {
    return this.#held;
  }

  settle(points: number): void {
    this.#held = points;
  }

  stats(): QueryStats {
    const totalMs = performance.now() - this.#began;
    const selectMs = this.#selectors.reduce((sum, { ms }) => sum + ms, 0);
    return {
      timings: { totalMs, queueMs: this.#queueMs, selectMs, evalMs: totalMs - selectMs },
      samples: { total: this.#fetchedSamples, peak: this.#peak },
      selectors: [...this.#selectors],
    };
  }
}
