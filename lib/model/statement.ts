export const DATABASE_SYSTEMS = ['postgresql', 'mysql', 'mariadb', 'mongodb', 'redis', 'other'] as const;
export type DatabaseSystem = (typeof DATABASE_SYSTEMS)[number];

/** A node of an execution plan; literals in it are masked. */
export interface PlanNode {
  readonly type: string;
  readonly relation?: string;
  readonly index?: string;
  readonly alias?: string;
  /** e.g. `user_id = ?` */
  readonly filter?: string;
  readonly indexCondition?: string;
  readonly joinType?: string;
  readonly rowsEstimated?: number;
  readonly rowsActual?: number;
  readonly rowsRemovedByFilter?: number;
  readonly loops?: number;
  readonly costTotal?: number;
  readonly timeMs?: number;
  readonly details?: Readonly<Record<string, string | number>>;
  readonly children: readonly PlanNode[];
}

/** One execution of a statement, as a slow log tells it. Nothing in it holds a literal of the original text. */
export interface StatementRun {
  /** When it was logged, ms since the epoch. */
  readonly at: number;
  readonly system: DatabaseSystem;
  readonly service: string;
  readonly instance: string;
  readonly database: string;
  readonly user: string;
  /** 16 hex digits: hash of `text`. */
  readonly fingerprint: string;
  /** Normalised text: literals are `?`, lists collapsed, white space folded. */
  readonly text: string;
  /** The statement with its own layout and comments' keys but every literal masked; shown as an example. */
  readonly example: string;
  readonly durationMs: number;
  readonly lockMs?: number;
  readonly rowsSent?: number;
  readonly rowsExamined?: number;
  readonly rowsAffected?: number;
  readonly tempBytes?: number;
  readonly plan?: PlanNode;
  /** From a `traceparent` comment. */
  readonly traceId?: string;
}

export const NOTICE_KINDS = [
  'lock-wait',
  'lock-acquired',
  'deadlock',
  'temp-file',
  'checkpoint',
  'autovacuum',
  'cancelled',
  'error',
  'connection',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Something a database log says besides statements' durations. */
export interface DatabaseNotice {
  readonly at: number;
  readonly kind: NoticeKind;
  readonly system: DatabaseSystem;
  readonly service: string;
  readonly instance: string;
  readonly database: string;
  /** Masked message. */
  readonly message: string;
  /** The statement it concerns, when the log names it. */
  readonly fingerprint?: string;
  readonly text?: string;
  readonly relation?: string;
  /** How long a lock was waited for. */
  readonly waitMs?: number;
  /** Process ids: who waits, who holds. */
  readonly pid?: number;
  readonly blockers?: readonly number[];
  readonly bytes?: number;
}

export interface StatementBatch {
  readonly runs: readonly StatementRun[];
  readonly notices: readonly DatabaseNotice[];
}
