/** One entry of a PostgreSQL log, whatever its format. */
export interface PostgresEntry {
  /** Number of its first line. */
  readonly line: number;
  /** ms since the epoch */
  readonly at: number;
  /** 0 when the log does not tell */
  readonly pid: number;
  readonly user: string;
  readonly database: string;
  /** LOG, ERROR, FATAL, … */
  readonly level: string;
  readonly message: string;
  readonly detail: string;
  readonly context: string;
  readonly statement: string;
}
