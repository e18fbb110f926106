import type { Finding } from '#lib/model/finding.ts';
import type { DatabasePlace } from '../database.ts';
import type { LogRow } from '../head.ts';
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
}

/** What the writer thread can be asked to do: name → [what it gets, what it answers]. */
export interface WriterOperations {
  append: [readonly LogRow[], undefined];
  compact: [CompactOrder, undefined];
  /** Chunks of blocks that ended by this time (ms since the epoch) are joined. */
  merge: [number, undefined];
  prune: [{ readonly before: number; readonly now: number }, undefined];
  /** Ids of series that hold nothing any more. */
  dropSeries: [readonly number[], undefined];
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
