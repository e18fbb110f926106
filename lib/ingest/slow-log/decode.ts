import { Fault } from '#lib/model/fault.ts';
import type { StatementBatch } from '#lib/model/statement.ts';
import { LineSplitter } from './lines.ts';
import { isMysqlLine, MysqlLog } from './mysql.ts';
import type { PostgresFormat } from './postgres.ts';
import { PostgresLog, postgresFormatOf } from './postgres.ts';
import type { LogOrigin, LogProblem } from './sink.ts';
import { LogSink } from './sink.ts';
import { unwrap, wrapperOf } from './wrapper.ts';

export interface SlowLogOptions extends LogOrigin {
  readonly format: 'auto' | 'postgres' | 'mysql';
}

export interface SlowLogSummary {
  /** Executions found so far. */
  readonly statements: number;
  /** Different shapes among them (counted up to 100,000). */
  readonly fingerprints: number;
  readonly skippedLines: number;
  /** The first 20. */
  readonly problems: readonly LogProblem[];
}

/** Lines and characters kept until the log's kind is known: its first lines may be the rest of an entry. */
const UNKNOWN_LINES = 200;
const UNKNOWN_CHARACTERS = 262_144;

/**
 * Reads a slow log that arrives in pieces of any size. Memory does not grow with the log: each call returns what
 * became complete.
 */
export class SlowLogDecoder {
  private readonly format: SlowLogOptions['format'];
  private readonly sink: LogSink;
  private readonly lines: LineSplitter;
  private log: PostgresLog | MysqlLog | undefined;
  private wrapper: RegExp | undefined;
  private unknown: string[] = [];
  private unknownCharacters = 0;
  private sawText = false;

  constructor({ format, ...origin }: SlowLogOptions) {
    this.format = format;
    this.sink = new LogSink(origin);
    this.lines = new LineSplitter((line, isCut) => this.line(line, isCut));
  }

  get summary(): SlowLogSummary {
    const { statements, fingerprints, skippedLines, problems } = this.sink;
    return { statements, fingerprints: fingerprints.size, skippedLines, problems: [...problems] };
  }

  push(chunk: Uint8Array): StatementBatch {
    this.lines.push(chunk);
    return this.sink.take();
  }

  /** Throws a Fault 400 `unknown-log` when no line was of a log that is known; an empty log is fine. */
  end(): StatementBatch {
    this.lines.end();
    if (this.log === undefined && this.sawText) {
      throw new Fault(
        400,
        'unknown-log',
        'Nothing in it is a line of a PostgreSQL log (stderr, csvlog or jsonlog) or of a MySQL or MariaDB slow log. ' +
          'Send the log file as it is, plain or gzip.',
      );
    }
    this.log?.end();
    return this.sink.take();
  }

  private line(line: string, isCut: boolean): void {
    this.sink.line++;
    if (isCut) this.sink.problem('A line longer than 1 MiB was cut.');
    if (this.log !== undefined) {
      this.log.push(this.wrapper === undefined ? line : unwrap(line, this.wrapper));
      return;
    }
    if (!this.sawText && line.trim() !== '') this.sawText = true;
    this.wrapper = wrapperOf(line);
    this.log = this.recognise(unwrap(line, this.wrapper));
    if (this.log === undefined) this.keep(line);
    else this.replay(line);
  }

  private recognise(line: string): PostgresLog | MysqlLog | undefined {
    if (this.format !== 'postgres' && isMysqlLine(line)) return new MysqlLog(this.sink);
    const postgres: PostgresFormat | undefined = this.format === 'mysql' ? undefined : postgresFormatOf(line);
    return postgres === undefined ? undefined : new PostgresLog(this.sink, postgres);
  }

  private keep(line: string): void {
    this.unknown.push(line);
    this.unknownCharacters += line.length;
    while (this.unknown.length > UNKNOWN_LINES || this.unknownCharacters > UNKNOWN_CHARACTERS) {
      this.unknownCharacters -= this.unknown.shift()?.length ?? 0;
      this.sink.skippedLines++;
    }
  }

  private replay(line: string): void {
    const current = this.sink.line;
    this.sink.line = current - this.unknown.length;
    for (const earlier of this.unknown) {
      this.log?.push(unwrap(earlier, this.wrapper));
      this.sink.line++;
    }
    this.unknown = [];
    this.unknownCharacters = 0;
    this.log?.push(unwrap(line, this.wrapper));
  }
}
