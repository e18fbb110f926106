import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Matcher, SeriesData } from '#lib/model/metrics.ts';
import type { MetricReader } from '#lib/store/store.ts';
import { Annotations } from './annotations.ts';
import { executionFault, timeoutFault } from './fault.ts';

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
  readonly #deadline: number;
  readonly #fetched = new Map<string, SeriesData[]>();
  #sliceEnd: number;
  #held = 0;
  #fetchedSamples = 0;

  constructor(
    source: MetricSource,
    query: string,
    times: {
      readonly startMs: number;
      readonly endMs: number;
      readonly stepMs: number;
      readonly isInstant: boolean;
    },
    options: { readonly lookbackMs: number; readonly limits: Limits },
  ) {
    const now = performance.now();
    this.query = query;
    this.startMs = times.startMs;
    this.endMs = times.endMs;
    this.stepMs = times.stepMs;
    this.isInstant = times.isInstant;
    this.lookbackMs = options.lookbackMs;
    this.annotations = new Annotations(query);
    this.#source = source;
    this.#limits = options.limits;
    this.#deadline = now + options.limits.timeoutMs;
    this.#sliceEnd = now + SLICE_MS;
  }

  /** Samples of a selector in [from, to]; the same question is put to the store once. */
  async fetch(matchers: readonly Matcher[], from: number, to: number): Promise<SeriesData[]> {
    const key = JSON.stringify([matchers, from, to]);
    const known = this.#fetched.get(key);
    if (known) return known;
    const found = await this.#source.select(matchers, { from, to });
    this.#fetched.set(key, found);
    for (const series of found) this.#fetchedSamples += series.timestamps.length;
    this.reserve(0);
    return found;
  }

  /** True when it is time for `pause`; loops over series ask after each. */
  due(): boolean {
    return performance.now() > this.#sliceEnd;
  }

  async pause(): Promise<void> {
    await nextTurn();
    const now = performance.now();
    if (now > this.#deadline) throw timeoutFault('query timed out in expression evaluation');
    this.#sliceEnd = now + SLICE_MS;
  }

  /** Counts points about to be allocated against the sample limit. */
  reserve(points: number): void {
    this.#held += points;
    if (this.#held + this.#fetchedSamples > this.#limits.maxSamples)
      throw executionFault(
        'query processing would load too many samples into memory in query execution; ask for fewer series or a shorter range',
      );
  }

  /** What is held now; `settle` returns to it once an intermediate result is no longer needed. */
  held(): number {
    return this.#held;
  }

  settle(points: number): void {
    this.#held = points;
  }
}
