import { PostgresCsv, startsCsvRecord } from './postgres-csv.ts';
import type { PostgresEntry } from './postgres-entry.ts';
import { isJsonRecord, PostgresJson } from './postgres-json.ts';
import { findSeverity } from './postgres-prefix.ts';
import { PostgresStatements } from './postgres-statements.ts';
import { PostgresStderr } from './postgres-stderr.ts';
import type { LogSink } from './sink.ts';

export type PostgresFormat = 'stderr' | 'csvlog' | 'jsonlog';

/** Which of PostgreSQL's formats a line is certainly of. */
export function postgresFormatOf(line: string): PostgresFormat | undefined {
  if (startsCsvRecord(line)) return 'csvlog';
  if (line.startsWith('{')) return isJsonRecord(line) ? 'jsonlog' : undefined;
  const severity = findSeverity(line);
  // Two spaces behind the level tell PostgreSQL's lines from an application's.
  return severity?.isPrimary && line.startsWith(':  ', severity.end - 3) ? 'stderr' : undefined;
}

/** Reads the lines of a PostgreSQL log into the sink. */
export class PostgresLog {
  private readonly statements: PostgresStatements;
  private readonly reader: PostgresStderr | PostgresCsv | PostgresJson;

  constructor(sink: LogSink, format: PostgresFormat) {
    this.statements = new PostgresStatements(sink);
    const onEntry = (entry: PostgresEntry): void => this.statements.take(entry);
    if (format === 'csvlog') this.reader = new PostgresCsv(sink, onEntry);
    else if (format === 'jsonlog') this.reader = new PostgresJson(sink, onEntry);
    else this.reader = new PostgresStderr(sink, onEntry);
  }

  push(line: string): void {
    this.reader.push(line);
  }

  end(): void {
    this.reader.end();
    this.statements.end();
  }
}
