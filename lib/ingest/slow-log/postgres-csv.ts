import { LINE_LIMIT } from './lines.ts';
import type { PostgresEntry } from './postgres-entry.ts';
import type { LogSink } from './sink.ts';
import { readTimestamp } from './timestamp.ts';

const COLUMN = {
  time: 0,
  user: 1,
  database: 2,
  pid: 3,
  level: 11,
  message: 13,
  detail: 14,
  context: 18,
  statement: 19,
} as const;

const RECORD_START = /^"?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? ?[A-Za-z0-9+:-]{0,6}"?,/;

export const startsCsvRecord = (line: string): boolean => RECORD_START.test(line);

function countQuotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
}

/** The fields of one CSV record (RFC 4180). */
export function csvFields(record: string): string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= record.length) {
    if (record.charCodeAt(at) === 34) {
      let text = '';
      let from = at + 1;
      let close = record.indexOf('"', from);
      while (close >= 0 && record.charCodeAt(close + 1) === 34) {
        text += record.slice(from, close + 1);
        from = close + 2;
        close = record.indexOf('"', from);
      }
      const end = close < 0 ? record.length : close;
      fields.push(text + record.slice(from, end));
      const comma = record.indexOf(',', end);
      at = comma < 0 ? record.length + 1 : comma + 1;
    } else {
      const comma = record.indexOf(',', at);
      const end = comma < 0 ? record.length : comma;
      fields.push(record.slice(at, end));
      at = end + 1;
    }
  }
  return fields;
}

/** Puts the lines of PostgreSQL's csvlog together to entries. */
export class PostgresCsv {
  private readonly sink: LogSink;
  private readonly onEntry: (entry: PostgresEntry) => void;
  private parts: string[] = [];
  private size = 0;
  private isQuoted = false;
  private firstLine = 0;

  constructor(sink: LogSink, onEntry: (entry: PostgresEntry) => void) {
    this.sink = sink;
    this.onEntry = onEntry;
  }

  push(line: string): void {
    const isStart = startsCsvRecord(line);
    if (this.parts.length > 0 && isStart) {
      // The record before never closed its quote.
      this.end();
    }
    if (this.parts.length === 0) {
      if (!isStart) {
        if (line !== '') this.sink.skippedLines++;
        return;
      }
      this.firstLine = this.sink.line;
    }
    if (this.size > LINE_LIMIT) {
      this.sink.skippedLines++;
      return;
    }
    this.parts.push(line);
    this.size += line.length + 1;
    if (countQuotes(line) % 2 === 1) this.isQuoted = !this.isQuoted;
    if (!this.isQuoted) this.end();
  }

  end(): void {
    if (this.parts.length === 0) return;
    const record = this.parts.join('\n');
    this.parts = [];
    this.size = 0;
    this.isQuoted = false;
    const fields = csvFields(record);
    const field = (name: keyof typeof COLUMN): string => fields[COLUMN[name]] ?? '';
    const time = readTimestamp(field('time'), 0);
    if (time === undefined || field('level') === '') {
      this.sink.skippedLines++;
      this.sink.problemOnce('csv', 'A CSV record has fewer columns than csvlog writes; it was left out.');
      return;
    }
    if (time.unknownZone !== undefined) {
      this.sink.problemOnce(
        `zone ${time.unknownZone}`,
        `Time zone '${time.unknownZone}' is not known; times are read as UTC. Set log_timezone to UTC.`,
      );
    }
    this.onEntry({
      line: this.firstLine,
      at: time.at,
      pid: Number(field('pid')) || 0,
      user: field('user').slice(0, 63),
      database: field('database').slice(0, 63),
      level: field('level'),
      message: field('message'),
      detail: field('detail'),
      context: field('context'),
      statement: field('statement'),
    });
  }
}
