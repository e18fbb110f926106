import { LINE_LIMIT } from './lines.ts';
import type { PostgresEntry } from './postgres-entry.ts';
import type { Prefix, Severity } from './postgres-prefix.ts';
import { findSeverity, PrefixReader } from './postgres-prefix.ts';
import type { LogSink } from './sink.ts';
import { readTimestamp } from './timestamp.ts';

/** `Jan 12 10:00:00 host postgres[123]: [3-2] `, and syslog's newer times. */
const SYSLOG =
  /^(?:<\d{1,3}>)?(?:\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) [\w.-]{1,255} [\w./-]{1,64}\[(\d{1,10})\]: \[(\d{1,10})-(\d{1,10})\] /;

interface Open {
  readonly line: number;
  readonly prefix: Prefix;
  readonly level: string;
  readonly fields: Map<string, string[]>;
  field: string[];
  size: number;
}

/** Puts the lines of PostgreSQL's stderr (or syslog) format together to entries, whatever the log_line_prefix. */
export class PostgresStderr {
  private readonly sink: LogSink;
  private readonly onEntry: (entry: PostgresEntry) => void;
  private readonly prefixes = new PrefixReader();
  private open: Open | undefined;
  /** Whether this log's prefix holds a time: then a line without one starts no entry. */
  private isDated: boolean | undefined;
  private lastAt: number | undefined;

  constructor(sink: LogSink, onEntry: (entry: PostgresEntry) => void) {
    this.sink = sink;
    this.onEntry = onEntry;
  }

  push(raw: string): void {
    if (raw.charCodeAt(0) === 9) {
      this.extend(raw.slice(1));
      return;
    }
    let line = raw;
    let pid = 0;
    const syslog = raw.includes(']: [') ? SYSLOG.exec(raw) : null;
    if (syslog !== null) {
      line = raw.slice(syslog[0].length).replaceAll('#011', '\t');
      pid = Number(syslog[1]);
      if (line.startsWith('\t') || (syslog[3] !== '1' && findSeverity(line) === undefined)) {
        this.extend(line.startsWith('\t') ? line.slice(1) : line);
        return;
      }
    }
    const severity = findSeverity(line);
    if (severity === undefined) {
      this.other(line);
      return;
    }
    const prefix = this.prefixes.read(line.slice(0, severity.start));
    if (prefix.at === undefined && this.isDated === true && severity.isPrimary) {
      this.extend(line);
      return;
    }
    if (severity.isPrimary) this.begin(line, severity, pid > 0 ? { ...prefix, pid } : prefix);
    else this.attach(line, severity, pid > 0 ? pid : prefix.pid);
  }

  end(): void {
    const { open } = this;
    this.open = undefined;
    if (open === undefined) return;
    const text = (name: string): string => open.fields.get(name)?.join('\n') ?? '';
    this.onEntry({
      line: open.line,
      at: open.prefix.at ?? this.lastAt ?? this.sink.origin.now,
      pid: open.prefix.pid,
      user: open.prefix.user,
      database: open.prefix.database,
      level: open.level,
      message: text('message'),
      detail: text('DETAIL'),
      context: text('CONTEXT'),
      statement: text('STATEMENT'),
    });
  }

  private begin(line: string, severity: Severity, prefix: Prefix): void {
    this.end();
    this.isDated ??= prefix.at !== undefined;
    if (prefix.at !== undefined) this.lastAt = prefix.at;
    if (prefix.unknownZone !== undefined) {
      this.sink.problemOnce(
        `zone ${prefix.unknownZone}`,
        `Time zone '${prefix.unknownZone.slice(0, 8)}' is not known; times are read as UTC. Set log_timezone to UTC.`,
      );
    }
    const field = [line.slice(severity.end)];
    this.open = {
      line: this.sink.line,
      prefix,
      level: severity.level,
      fields: new Map([['message', field]]),
      field,
      size: line.length,
    };
  }

  private attach(line: string, severity: Severity, pid: number): void {
    const { open } = this;
    if (open === undefined || (pid !== 0 && open.prefix.pid !== 0 && pid !== open.prefix.pid)) {
      this.sink.skippedLines++;
      return;
    }
    open.field = [];
    if (!open.fields.has(severity.level)) open.fields.set(severity.level, open.field);
    this.extend(line.slice(severity.end));
  }

  private extend(text: string): void {
    const { open } = this;
    if (open === undefined) {
      this.sink.skippedLines++;
      return;
    }
    if (open.size > LINE_LIMIT) {
      this.sink.skippedLines++;
      return;
    }
    open.size += text.length + 1;
    open.field.push(text);
    if (open.size > LINE_LIMIT) {
      this.sink.problem('An entry longer than 1 MiB was cut; the rest of it was left out.', open.line);
    }
  }

  /** A line without a level: the next line of a statement, or another program's. */
  private other(line: string): void {
    if (line === '' && this.open === undefined) return;
    if (readTimestamp(line, 0) !== undefined && this.isDated === true) {
      this.end();
      this.sink.skippedLines++;
      return;
    }
    this.extend(line);
  }
}
