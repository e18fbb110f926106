import { maskLiterals } from '#lib/model/sql/mask.ts';
import type { NormalisedSql } from '#lib/model/sql/normalise.ts';
import { normaliseMasked } from '#lib/model/sql/normalise.ts';
import type { SqlDialect } from '#lib/model/sql/tokens.ts';
import type {
  DatabaseNotice,
  DatabaseSystem,
  NoticeKind,
  StatementBatch,
  StatementRun,
} from '#lib/model/statement.ts';

/** Whose log it is, as far as the sender says. */
export interface LogOrigin {
  /** '' when the log's database names it */
  readonly service: string;
  readonly instance: string;
  /** '' when only the log knows */
  readonly database: string;
  /** ms since the epoch: the time of entries that have none */
  readonly now: number;
}

export interface LogProblem {
  /** 1 is the first line. */
  readonly line: number;
  readonly message: string;
}

export interface SqlShape extends NormalisedSql {
  readonly example: string;
  readonly traceId: string | undefined;
}

/** What a parser knows of a run or notice; the origin adds the rest. */
export type RunFacts = Omit<
  StatementRun,
  'service' | 'instance' | 'fingerprint' | 'text' | 'example' | 'traceId'
> & { readonly shape: SqlShape };

export interface NoticeFacts {
  readonly at: number;
  readonly kind: NoticeKind;
  readonly system: DatabaseSystem;
  readonly database: string;
  readonly message: string;
  readonly shape?: SqlShape;
  readonly relation?: string;
  readonly waitMs?: number;
  readonly pid?: number;
  readonly blockers?: readonly number[];
  readonly bytes?: number;
}

const EXAMPLE_LIMIT = 8192;
const CACHE_TEXT_LIMIT = 8192;
const CACHE_LIMIT = 4096;
const PROBLEM_LIMIT = 20;
const FINGERPRINT_LIMIT = 100_000;

/** Takes what the parsers find, masks it, and hands it on in batches. */
export class LogSink {
  /** Number of the line being read. */
  line = 0;
  statements = 0;
  skippedLines = 0;
  readonly problems: LogProblem[] = [];
  readonly fingerprints = new Set<string>();
  readonly origin: LogOrigin;
  private runs: StatementRun[] = [];
  private notices: DatabaseNotice[] = [];
  /** By masked text: it differs from run to run only where lists have different lengths. */
  private readonly shapes = new Map<string, NormalisedSql>();
  private readonly told = new Set<string>();

  constructor(origin: LogOrigin) {
    this.origin = origin;
  }

  shape(sql: string, dialect: SqlDialect): SqlShape {
    const masked = maskLiterals(sql, dialect);
    const normalised = this.normalised(masked.text, dialect);
    const example = masked.text.trim();
    return {
      text: normalised.text,
      fingerprint: normalised.fingerprint,
      example: example.length > EXAMPLE_LIMIT ? `${example.slice(0, EXAMPLE_LIMIT)}…` : example,
      traceId: masked.traceId,
    };
  }

  private normalised(masked: string, dialect: SqlDialect): NormalisedSql {
    if (masked.length > CACHE_TEXT_LIMIT) return normaliseMasked(masked, dialect);
    let found = this.shapes.get(masked);
    if (found === undefined) {
      found = normaliseMasked(masked, dialect);
      if (this.shapes.size >= CACHE_LIMIT) this.shapes.clear();
      this.shapes.set(masked, found);
    }
    return found;
  }

  private place(database: string): { service: string; instance: string; database: string } {
    const { origin } = this;
    const name = database === '' ? origin.database : database;
    const service = origin.service === '' ? name || 'database' : origin.service;
    return { service, instance: origin.instance, database: name };
  }

  run({ shape, ...facts }: RunFacts): void {
    this.statements++;
    if (this.fingerprints.size < FINGERPRINT_LIMIT) this.fingerprints.add(shape.fingerprint);
    this.runs.push({
      ...facts,
      ...this.place(facts.database),
      fingerprint: shape.fingerprint,
      text: shape.text,
      example: shape.example,
      ...(shape.traceId === undefined ? {} : { traceId: shape.traceId }),
    });
  }

  notice({ shape, ...facts }: NoticeFacts): void {
    this.notices.push({
      ...facts,
      ...this.place(facts.database),
      ...(shape === undefined ? {} : { fingerprint: shape.fingerprint, text: shape.text }),
    });
  }

  /** Tells a problem of the current line, or of `line`. */
  problem(message: string, line = this.line): void {
    if (this.problems.length < PROBLEM_LIMIT) this.problems.push({ line, message });
  }

  /** Tells a problem that most lines of the log may share, once. */
  problemOnce(key: string, message: string): void {
    if (this.told.has(key) || this.told.size > 100) return;
    this.told.add(key);
    this.problem(message);
  }

  take(): StatementBatch {
    const batch = { runs: this.runs, notices: this.notices };
    this.runs = [];
    this.notices = [];
    return batch;
  }
}
