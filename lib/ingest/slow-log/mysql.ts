import type { DatabaseSystem } from '#lib/model/statement.ts';
import { LINE_LIMIT } from './lines.ts';
import type { MysqlHeader } from './mysql-header.ts';
import { newHeader, readHeaderLine } from './mysql-header.ts';
import type { LogSink } from './sink.ts';

const STARTS_ENTRY = /^# (?:Time|User@Host|Query_time): ?/;
/** A `#` line of a header; in a statement it may also be a comment. */
const ATTRIBUTES = /^# {1,3}(?:\w{1,40}: |User: |No InnoDB)/;
const SERVER_START = /, Version: .{1,200} started with:/;
const SERVER_COLUMNS = /^(?:Tcp port: |TCP Port: |Time\s{1,40}Id\s{1,10}Command\s{1,10}Argument)/;
const USE = /^use\s{1,8}(`[^`]{1,64}`|"[^"]{1,64}"|[^\s;`"]{1,64})\s{0,8};?\s{0,8}$/i;
const SET_TIMESTAMP =
  /^SET\s{1,4}(?:last_insert_id=\d{1,20},)?(?:insert_id=\d{1,20},)?timestamp=(\d{1,12})(?:\.\d{1,6})?(?:,insert_id=\d{1,20})?;\s{0,8}$/i;
const SET_INSERT_ID = /^SET\s{1,4}(?:last_)?insert_id=\d{1,20}(?:,insert_id=\d{1,20})?;\s{0,8}$/i;
const ADMINISTRATOR = /^# administrator command: /;

/** Wait times that the server cannot have measured (an underflow of its clock). */
const LONGEST_S = 31_536_000;

const unquote = (name: string): string => name.replace(/^[`"]|[`"]$/g, '');

/** Whether a line is of a MySQL, MariaDB or Percona slow log. */
export const isMysqlLine = (line: string): boolean =>
  STARTS_ENTRY.test(line) || SERVER_START.test(line) || /^# User: .{0,80}\[/.test(line);

/** Reads the lines of a MySQL, MariaDB or Percona slow log into the sink. */
export class MysqlLog {
  private readonly sink: LogSink;
  private system: DatabaseSystem = 'mysql';
  private header: MysqlHeader = newHeader();
  private firstLine = 0;
  /** Time of `SET timestamp`, s. */
  private timestamp: number | undefined;
  private used: string | undefined;
  /** The statement's lines. */
  private sql: string[] = [];
  private size = 0;
  private lastAt: number | undefined;
  private lastDatabase = '';

  constructor(sink: LogSink) {
    this.sink = sink;
  }

  push(line: string): void {
    if (line.charCodeAt(0) === 35) {
      this.comment(line);
    } else if (SERVER_START.test(line)) {
      this.finish();
      this.system = line.includes('MariaDB') ? 'mariadb' : 'mysql';
      this.lastDatabase = '';
    } else if (!SERVER_COLUMNS.test(line)) {
      this.statementLine(line);
    }
  }

  end(): void {
    this.finish();
  }

  private comment(line: string): void {
    if (ADMINISTRATOR.test(line)) {
      this.append(line.slice(2));
      return;
    }
    const startsEntry =
      STARTS_ENTRY.test(line) || (ATTRIBUTES.test(line) && /;\s*$/.test(this.sql.at(-1) ?? ''));
    if (this.sql.length > 0 && !startsEntry) {
      this.append(line);
      return;
    }
    if (this.sql.length > 0 || this.repeats(line)) this.finish();
    if (this.firstLine === 0) this.firstLine = this.sink.line;
    if (line.includes('QC_hit: ')) this.system = 'mariadb';
    readHeaderLine(line, this.header);
  }

  /** A second `# Query_time` means that the statement of the first is missing. */
  private repeats(line: string): boolean {
    return (
      this.header.queryTime !== undefined && (line.startsWith('# Time: ') || line.startsWith('# User@Host: '))
    );
  }

  private statementLine(line: string): void {
    if (this.sql.length === 0) {
      const stamp = SET_TIMESTAMP.exec(line);
      if (stamp !== null) {
        this.timestamp = Number(stamp[1]);
        return;
      }
      if (SET_INSERT_ID.test(line) || line.trim() === '') return;
      const use = USE.exec(line);
      if (use !== null && this.used === undefined && this.timestamp === undefined) {
        this.used = unquote(use[1] ?? '');
        return;
      }
    }
    this.append(line);
  }

  private append(line: string): void {
    if (this.size > LINE_LIMIT) {
      this.sink.skippedLines++;
      return;
    }
    if (this.firstLine === 0) this.firstLine = this.sink.line;
    this.sql.push(line);
    this.size += line.length + 1;
    if (this.size > LINE_LIMIT)
      this.sink.problem(
        'A statement longer than 1 MiB was cut; the rest of it was left out.',
        this.firstLine,
      );
  }

  private finish(): void {
    const { header, sql, used, timestamp, firstLine } = this;
    this.header = newHeader();
    this.sql = [];
    this.size = 0;
    this.used = undefined;
    this.timestamp = undefined;
    this.firstLine = 0;
    if (header.at !== undefined) this.lastAt = header.at;
    if (firstLine === 0) return;
    const text = sql.length === 0 && used !== undefined ? `use ${used}` : sql.join('\n');
    const chosen = sql.length === 1 ? USE.exec(sql[0] ?? '')?.[1] : undefined;
    const database = chosen === undefined ? (used ?? (header.schema || this.lastDatabase)) : unquote(chosen);
    if (database !== '') this.lastDatabase = database;
    if (header.queryTime === undefined || text.trim() === '') {
      // Lines before the first header belong to an entry of an earlier file.
      if (header.queryTime !== undefined || sql.length > 0) this.sink.skippedLines += Math.max(1, sql.length);
      return;
    }
    if (Number.isNaN(header.queryTime) || header.queryTime > LONGEST_S) {
      this.sink.skippedLines += sql.length;
      this.sink.problem('Query_time is no possible time; the statement was left out.', firstLine);
      return;
    }
    const stamped = timestamp === undefined ? undefined : timestamp * 1000;
    // `# Time` without a zone is the server's local time; SET timestamp is always UTC.
    const at = (header.isZoned ? header.at : stamped) ?? header.at ?? this.lastAt ?? this.sink.origin.now;
    this.lastAt = header.at ?? this.lastAt ?? at;
    this.sink.run({
      at,
      system: this.system,
      database,
      user: header.user,
      durationMs: header.queryTime * 1000,
      shape: this.sink.shape(text, 'mysql'),
      ...(header.lockTime === undefined ? {} : { lockMs: header.lockTime * 1000 }),
      ...(header.rowsSent === undefined ? {} : { rowsSent: header.rowsSent }),
      ...(header.rowsExamined === undefined ? {} : { rowsExamined: header.rowsExamined }),
      ...(header.rowsAffected === undefined ? {} : { rowsAffected: header.rowsAffected }),
      ...(header.tempBytes === undefined ? {} : { tempBytes: header.tempBytes }),
    });
  }
}
