import type { StatementDigest } from '#lib/model/digest.ts';
import type { ChangeEvent } from '#lib/model/event.ts';
import type { SeriesExemplars } from '#lib/model/exemplar.ts';
import type { Finding } from '#lib/model/finding.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { Matcher, MetricBatch, MetricMetadata, SeriesData } from '#lib/model/metrics.ts';
import type { Span, Trace } from '#lib/model/span.ts';
import type { SpanSeries } from '#lib/model/span-stats.ts';
import type { DatabaseNotice, StatementBatch } from '#lib/model/statement.ts';
import type { TimeRange } from '#lib/model/time-range.ts';

export const SIGNALS = ['metrics', 'spans', 'statements', 'events'] as const;
export type Signal = (typeof SIGNALS)[number];

/** Part of a batch that was not taken; the rest was. */
export interface Rejection {
  /** kebab-case, e.g. `too-old`, `in-the-future`, `duplicate-timestamp` */
  readonly reason: string;
  /** Names the item and the bound, for a person. */
  readonly message: string;
  readonly count: number;
}

export interface AppendResult {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** Every `append…` resolves only once the batch is on disk (fsynced) and visible to every reader. */
export interface Appender {
  appendMetrics(batch: MetricBatch): Promise<AppendResult>;
  appendSpans(spans: readonly Span[]): Promise<AppendResult>;
  appendStatements(batch: StatementBatch): Promise<AppendResult>;
  appendEvents(events: readonly ChangeEvent[]): Promise<AppendResult>;
}

export interface SelectOptions {
  /** Reading stops soon after it aborts, with its reason. */
  readonly signal?: AbortSignal;
  /** Fault 422 `too-many-samples` as soon as more than this would be held. */
  readonly maxSamples?: number;
  /** What will be done with the samples, as Prometheus' select hints: decides which rollup stands in where raw samples are gone. */
  readonly hint?: { readonly func: string; readonly rangeMs: number; readonly stepMs: number };
}

export interface MetricReader {
  /**
   * Samples with from ≤ t ≤ to of every series that satisfies all matchers; series without samples there are left
   * out. Older than the raw samples' retention, rollups stand in: a sample for each of their blocks.
   */
  select(matchers: readonly Matcher[], range: TimeRange, options?: SelectOptions): Promise<SeriesData[]>;
  /** Exemplars of the series that satisfy any of the matcher lists, by series. */
  exemplars(matcherSets: readonly (readonly Matcher[])[], range: TimeRange): Promise<SeriesExemplars[]>;
  /** What takes the room: over the active series, or over those seen within the range. */
  cardinality(range?: TimeRange): Promise<Cardinality>;
  /** Label sets of series that have samples in the range (block granularity: may name a series that just ended). */
  series(matchers: readonly Matcher[], range: TimeRange): Promise<Labels[]>;
  labelNames(matchers: readonly Matcher[], range: TimeRange): Promise<string[]>;
  labelValues(name: string, matchers: readonly Matcher[], range: TimeRange): Promise<string[]>;
  metadata(metric?: string): Promise<MetricMetadata[]>;
}

/** Counts as Prometheus' `/status/tsdb` has them, the largest first, ten of each. */
export interface Cardinality {
  readonly series: number;
  readonly labelPairs: number;
  readonly chunks: number;
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  readonly seriesByMetric: readonly NamedCount[];
  readonly valuesByLabel: readonly NamedCount[];
  readonly bytesByLabel: readonly NamedCount[];
  /** `name=value` */
  readonly seriesByPair: readonly NamedCount[];
  /** Series first seen, and last seen, per hour of the last day: [start of the hour (ms), count]. */
  readonly born: readonly (readonly [number, number])[];
  readonly ended: readonly (readonly [number, number])[];
}

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

export interface TraceSearch {
  readonly range: TimeRange;
  readonly service?: string;
  readonly operation?: string;
  readonly minDurationUs?: number;
  readonly maxDurationUs?: number;
  /** Every pair must be on one span of the trace (its own, its resource's or its events' attributes; `error=true` matches the status). */
  readonly tags?: readonly (readonly [string, string])[];
  readonly failedOnly?: boolean;
  readonly order: 'recent' | 'slowest';
  readonly limit: number;
}

export interface TraceReader {
  trace(traceId: string): Promise<Trace | undefined>;
  /** Traces with a span that matches; a trace's duration is that of the whole trace. */
  search(search: TraceSearch): Promise<Trace[]>;
  /** Service → operations seen in the range. */
  operations(range: TimeRange): Promise<Map<string, { operation: string; kind: Span['kind'] }[]>>;
  spanSeries(range: TimeRange, filter?: { service?: string; operation?: string }): Promise<SpanSeries[]>;
}

export interface StatementReader {
  digests(
    range: TimeRange,
    filter?: { service?: string; database?: string; fingerprint?: string },
  ): Promise<StatementDigest[]>;
  notices(range: TimeRange, filter?: { service?: string }): Promise<DatabaseNotice[]>;
}

export interface EventReader {
  /** Ascending by time; a service filter also returns events that concern everything. */
  list(range: TimeRange, filter?: { service?: string }): Promise<ChangeEvent[]>;
  get(id: string): Promise<ChangeEvent | undefined>;
}

export interface FindingStore {
  /** Inserts or replaces by id. */
  save(findings: readonly Finding[]): Promise<void>;
  get(id: string): Promise<Finding | undefined>;
  /** Findings seen within the range (firstSeen ≤ to and lastSeen ≥ from), newest first. */
  list(filter: {
    range?: TimeRange;
    state?: Finding['state'];
    service?: string;
    detector?: string;
  }): Promise<Finding[]>;
}

/** A frozen page: the answers to all its questions, as JSON text. */
export interface Snapshot {
  readonly id: string;
  readonly title: string;
  /** Path and query of the page. */
  readonly url: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  /** SHA-256 (hex) of the delete key. */
  readonly deleteKeyHash: string;
  /** JSON */
  readonly content: string;
}

export interface Embed {
  /** SHA-256 (hex) of the token; the token itself is never stored. */
  readonly tokenHash: string;
  readonly panel: string;
  readonly params: Readonly<Record<string, string>>;
  /** As given: `now-6h` keeps moving, absolute times do not. */
  readonly from: string;
  readonly to: string;
  readonly theme: 'light' | 'dark' | 'auto';
  readonly origins: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
}

export interface ShareStore {
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  snapshot(id: string): Promise<Snapshot | undefined>;
  deleteSnapshot(id: string): Promise<void>;
  saveEmbed(embed: Embed): Promise<void>;
  embed(tokenHash: string): Promise<Embed | undefined>;
}

/** Checked steps of a playbook for one finding. */
export interface StepState {
  readonly findingId: string;
  readonly step: string;
  readonly done: boolean;
  readonly at: number;
}

export interface StepStore {
  set(state: StepState): Promise<void>;
  list(findingId: string): Promise<StepState[]>;
}

export interface StoreStats {
  readonly backend: 'sqlite' | 'postgresql';
  readonly bytes: number;
  readonly series: number;
  readonly headSamples: number;
  readonly logRows: number;
  /** Items taken since the store was created, and when the last one came (ms since the epoch). */
  readonly arrived: Readonly<Record<Signal, { readonly count: number; readonly last: number | undefined }>>;
}

export interface Store extends Appender {
  readonly metrics: MetricReader;
  readonly traces: TraceReader;
  readonly statements: StatementReader;
  readonly events: EventReader;
  readonly findings: FindingStore;
  readonly share: ShareStore;
  readonly steps: StepStore;
  stats(): Promise<StoreStats>;
  /** Log → resting form now, instead of waiting for the job. */
  compact(): Promise<void>;
  /** Drops telemetry older than `before` (ms since the epoch). */
  prune(before: number): Promise<void>;
  /** Removes samples, rollups and exemplars of matching series within the range; answers when they are gone. */
  deleteSeries(matcherSets: readonly (readonly Matcher[])[], range: TimeRange): Promise<void>;
  /** False once a write has failed for want of space or the like; ingest then answers 503. */
  writable(): boolean;
  close(): Promise<void>;
}
