import type { PostgresEntry } from './postgres-entry.ts';
import type { LogSink } from './sink.ts';
import { readTimestamp } from './timestamp.ts';

function parseObject(line: string): Map<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? new Map(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}

export const isJsonRecord = (line: string): boolean =>
  line.startsWith('{') && parseObject(line)?.has('error_severity') === true;

/** Reads PostgreSQL's jsonlog (15 and later): one object a line. */
export class PostgresJson {
  private readonly sink: LogSink;
  private readonly onEntry: (entry: PostgresEntry) => void;

  constructor(sink: LogSink, onEntry: (entry: PostgresEntry) => void) {
    this.sink = sink;
    this.onEntry = onEntry;
  }

  push(line: string): void {
    const record = line.startsWith('{') ? parseObject(line) : undefined;
    const text = (key: string): string => {
      const value = record?.get(key);
      return typeof value === 'string' ? value : '';
    };
    const time = readTimestamp(text('timestamp'), 0);
    if (record === undefined || time === undefined || text('error_severity') === '') {
      if (line !== '') this.sink.skippedLines++;
      return;
    }
    const pid = record.get('pid');
    this.onEntry({
      line: this.sink.line,
      at: time.at,
      pid: typeof pid === 'number' ? pid : 0,
      user: text('user').slice(0, 63),
      database: text('dbname').slice(0, 63),
      level: text('error_severity'),
      message: text('message'),
      detail: text('detail'),
      context: text('context'),
      statement: text('statement'),
    });
  }

  end(): void {}
}
