import { isDeepStrictEqual } from 'node:util';

/** What one stream takes besides its numbers, in numbers. */
const STREAM_WEIGHT = 20;
/** About 100,000 counters, or 30,000 histograms of 50 buckets. */
const MAX_WEIGHT = 2_000_000;
/** Who has been silent for this long makes room for others. */
const IDLE_MS = 600_000;

interface Stream<T> {
  total: T;
  /** The delta that was added last, to know it again when it is sent again. */
  last: T;
  /** ms since the epoch: its time */
  at: number;
  /** ms since the epoch: when it came */
  cameAt: number;
  weight: number;
}

export interface Delta<T> {
  readonly key: string;
  /** ms since the epoch */
  readonly at: number;
  readonly value: T;
  /** How many numbers it takes to keep. */
  readonly size: number;
}

export type Accumulated<T> =
  | {
      readonly total: T /** Nothing was known of the stream, or it could not go on. */;
      readonly begins: boolean;
    }
  | { readonly reason: 'delta-out-of-order' | 'too-many-delta-streams'; readonly message: string };

/**
 * Adds deltas up, stream by stream. Bounded: when it is full, streams that fell silent are forgotten and new ones
 * refused while there are none. A forgotten stream begins again at zero, which is a counter reset to Prometheus.
 */
export class DeltaStreams<T> {
  readonly #streams = new Map<string, Stream<T>>();
  readonly #maxWeight: number;
  #weight = 0;

  constructor(maxWeight = MAX_WEIGHT) {
    this.#maxWeight = maxWeight;
  }

  /**
   * @param add the sum of both; undefined when they do not go together (other buckets), and the stream begins anew
   * @param now ms since the epoch
   */
  add(
    { key, at, value, size }: Delta<T>,
    add: (total: T, delta: T) => T | undefined,
    now: number,
  ): Accumulated<T> {
    const stream = this.#streams.get(key);
    if (stream === undefined) return this.#begin({ key, at, value, size }, now);
    if (at <= stream.at) {
      // A batch sent again, because its answer got lost or it could not be stored: it is in the total already.
      if (at === stream.at && isDeepStrictEqual(stream.last, value))
        return { total: stream.total, begins: false };
      return {
        reason: 'delta-out-of-order',
        message: `a delta at or before the one that was added last (${new Date(stream.at).toISOString()}); set service.instance.id where several processes send one series`,
      };
    }
    const total = add(stream.total, value);
    this.#weight -= stream.weight;
    Object.assign(stream, {
      total: total ?? value,
      last: value,
      at,
      cameAt: now,
      weight: STREAM_WEIGHT + 2 * size,
    });
    this.#weight += stream.weight;
    // The map's order is that of use.
    this.#streams.delete(key);
    this.#streams.set(key, stream);
    return { total: stream.total, begins: total === undefined };
  }

  /** The stream has ended. */
  end(key: string): void {
    this.#weight -= this.#streams.get(key)?.weight ?? 0;
    this.#streams.delete(key);
  }

  #begin({ key, at, value, size }: Delta<T>, now: number): Accumulated<T> {
    const weight = STREAM_WEIGHT + 2 * size;
    if (!this.#makeRoom(weight, now))
      return {
        reason: 'too-many-delta-streams',
        message: `${this.#streams.size} series of delta temporality are active, no more are added up; set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative at the sender`,
      };
    this.#streams.set(key, { total: value, last: value, at, cameAt: now, weight });
    this.#weight += weight;
    return { total: value, begins: true };
  }

  #makeRoom(weight: number, now: number): boolean {
    for (const [key, { cameAt }] of this.#streams) {
      if (this.#weight + weight <= this.#maxWeight) break;
      if (now - cameAt < IDLE_MS) return false;
      this.end(key);
    }
    return this.#weight + weight <= this.#maxWeight;
  }
}
