import type { Finding } from '#lib/model/finding.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { DatabasePlace } from '../database.ts';
import type { LogRow } from '../head.ts';
import type { SharedMetrics } from '../metrics/shared-samples.ts';
import type { Embed, Signal, Snapshot, StepState } from '../store.ts';

export interface Arrived {
  readonly count: number;
  readonly last: number | undefined;
}

export interface CompactOrder {
  /** Log rows after `after` up to and with `upTo` take their resting form. */
  readonly after: number;
  readonly upTo: number;
  /** What had arrived by `upTo`. */
  readonly arrived: Readonly<Record<Signal, Arrived>>;
  /** The metrics of these rows, which are therefore not read from the log; absent when there are none. */
  readonly metrics?: SharedMetrics;
}

/** What a change of resting rows means to those who remember some of them. */
export interface GroupChanges {
  /** Groups of which nothing is left. */
  readonly dropped: readonly number[];
  /** Groups that lost samples: their rows read before are not to be trusted. */
  readonly changed: readonly number[];
}

export interface PruneOrder {
  readonly now: number;
  /** Raw samples, and all other telemetry, older than this go; ms since the epoch. */
  readonly before: number;
  /** The same for rollups. */
  readonly rollups: readonly { readonly resolutionMs: number; readonly before: number }[];
  /** Groups with series in memory: they stay known, even when nothing of them is left. */
  readonly active: readonly number[];
}

export interface DeleteOrder {
  /** Series to take samples, rollups and exemplars from. */
  readonly ids: readonly number[];
  readonly range: TimeRange;
}

/** What the writer thread can be asked to do: name → [what it gets, what it answers]. */
export interface WriterOperations {
  append: [readonly LogRow[], undefined];
  compact: [CompactOrder, undefined];
  /** What compactions left of blocks of time that ended by then (ms since the epoch) is joined. */
  merge: [number, undefined];
  prune: [PruneOrder, GroupChanges];
  deleteSeries: [DeleteOrder, GroupChanges];
  /** Whether the database takes writes again. */
  probe: [undefined, undefined];
  saveFindings: [readonly Finding[], undefined];
  saveSnapshot: [Snapshot, undefined];
  deleteSnapshot: [string, undefined];
  saveEmbed: [Embed, undefined];
  setStep: [StepState, undefined];
  close: [undefined, undefined];
}

export type OperationName = keyof WriterOperations;

export interface Request<K extends OperationName = OperationName> {
  readonly call: number;
  readonly name: K;
  readonly input: WriterOperations[K][0];
}

export interface Reply {
  readonly call: number;
  readonly output?: unknown;
  readonly error?: { readonly message: string; readonly stack: string | undefined };
}

export interface WorkerData {
  readonly place: DatabasePlace;
}
