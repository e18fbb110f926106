import type { Sketch } from './sketch.ts';
import type { DatabaseSystem, PlanNode } from './statement.ts';

/** Width of a digest bucket, ms. */
export const DIGEST_BUCKET_MS = 60_000;

/** What one statement shape cost in one minute; additive. */
export interface DigestBucket {
  /** start of the minute, ms since the epoch */
  readonly at: number;
  /** durations in ms; `count` = calls, `sum` = total time */
  readonly durations: Sketch;
  rowsSent: number;
  rowsExamined: number;
  lockMs: number;
  tempBytes: number;
  /** Calls for which the log told rows examined; without it `rowsExamined` says nothing. */
  callsWithRows: number;
}

export interface StatementExample {
  readonly at: number;
  readonly durationMs: number;
  /** masked */
  readonly text: string;
  readonly traceId?: string;
  readonly plan?: PlanNode;
}

/** One statement shape on one database of one service. */
export interface StatementDigest {
  readonly fingerprint: string;
  readonly text: string;
  readonly system: DatabaseSystem;
  readonly service: string;
  readonly instance: string;
  readonly database: string;
  /** ascending by time */
  readonly buckets: readonly DigestBucket[];
  /** slowest first, at most 5 */
  readonly examples: readonly StatementExample[];
}
