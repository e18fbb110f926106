import type { PlanNode } from '#lib/model/statement.ts';
import { readAutoExplain } from '../plans/auto-explain.ts';
import { rowsRead } from '../plans/build.ts';
import type { PostgresEntry } from './postgres-entry.ts';
import { noticeOf } from './postgres-notice.ts';
import type { LogSink, RunFacts, SqlShape } from './sink.ts';

const DURATION =
  /^duration: (\d{1,15}(?:\.\d{1,9})?) ms(?: {1,2}(statement|plan|parse|bind|execute fetch from|execute|fastpath function call)(?: ([^:\n]{0,200}))?:\s?)?/;
const LOGGED = /^(?:statement|execute(?: fetch from)? [^:\n]{0,200}): ?/;
const PREPARED = /^prepare: PREPARE\s+\S{1,128}\s*(?:\([^)]{0,2000}\)\s*)?AS\s/i;
const TRUNCATED = '[Your log message was truncated]';

/** What is known of a backend between its log lines. */
interface Backend {
  /** Logged by log_statement: its duration comes on a line of its own. */
  statement: string | undefined;
  /** Logged by auto_explain: a line with the whole duration may follow. */
  explained: RunFacts | undefined;
  /** An execution in the extended protocol: its plan is logged behind it, when the portal closes. */
  executed: RunFacts | undefined;
  temp: { fingerprint: string; bytes: number } | undefined;
}

const MOST_BACKENDS = 4096;
/** The line with the duration follows the plan's at once; an hour later it is another's. */
const PAIRED_WITHIN_MS = 60_000;

const withoutMark = (text: string): string => {
  const cut = text.indexOf(TRUNCATED);
  return cut < 0 ? text : text.slice(0, cut);
};

/** Turns entries of a PostgreSQL log into statement runs and notices. */
export class PostgresStatements {
  private readonly sink: LogSink;
  private readonly backends = new Map<number, Backend>();

  constructor(sink: LogSink) {
    this.sink = sink;
  }

  take(entry: PostgresEntry): void {
    const { message } = entry;
    if (message.startsWith('duration: ')) {
      this.duration(entry);
      return;
    }
    const logged = entry.level === 'LOG' ? LOGGED.exec(message) : null;
    if (logged !== null) {
      const backend = this.backend(entry.pid);
      this.flush(backend);
      backend.statement = withoutMark(message.slice(logged[0].length));
      return;
    }
    this.notice(entry);
  }

  end(): void {
    for (const backend of this.backends.values()) this.flush(backend);
    this.backends.clear();
  }

  private backend(pid: number): Backend {
    let found = this.backends.get(pid);
    if (found === undefined) {
      if (this.backends.size >= MOST_BACKENDS) {
        const [oldest] = this.backends;
        if (oldest !== undefined) {
          this.flush(oldest[1]);
          this.backends.delete(oldest[0]);
        }
      }
      found = { statement: undefined, explained: undefined, executed: undefined, temp: undefined };
      this.backends.set(pid, found);
    }
    return found;
  }

  /** Lets go of what waited for another line of its process. */
  private flush(backend: Backend): void {
    if (backend.executed !== undefined) this.sink.run(backend.executed);
    backend.executed = undefined;
    if (backend.explained !== undefined) this.sink.run(this.withTemp(backend, backend.explained));
    backend.explained = undefined;
  }

  private withTemp(backend: Backend, facts: RunFacts): RunFacts {
    const { temp } = backend;
    if (temp === undefined || temp.fingerprint !== facts.shape.fingerprint) return facts;
    backend.temp = undefined;
    return { ...facts, tempBytes: temp.bytes };
  }

  private duration(entry: PostgresEntry): void {
    const m = DURATION.exec(entry.message);
    if (m === null) {
      this.sink.skippedLines++;
      return;
    }
    const durationMs = Number(m[1]);
    const backend = this.backend(entry.pid);
    const rest = withoutMark(entry.message.slice(m[0].length));
    switch (m[2]) {
      case undefined:
        this.pair(entry, backend, durationMs);
        return;
      case 'parse':
      case 'bind':
      case 'fastpath function call':
        // Steps before an execution, which has a line of its own.
        return;
      case 'plan':
        this.plan(entry, backend, durationMs, rest);
        return;
      default: {
        const prepared = PREPARED.exec(entry.detail);
        const sql = prepared ? entry.detail.slice(prepared[0].length) : rest;
        this.run(entry, backend, durationMs, sql, m[2] !== 'statement');
      }
    }
  }

  private pair(entry: PostgresEntry, backend: Backend, durationMs: number): void {
    const { statement } = backend;
    backend.statement = undefined;
    if (statement !== undefined) {
      this.run(entry, backend, durationMs, statement, false);
      return;
    }
    if (backend.explained !== undefined) {
      const facts = { ...backend.explained, durationMs: Math.max(durationMs, backend.explained.durationMs) };
      backend.explained = undefined;
      this.sink.run(this.withTemp(backend, facts));
      return;
    }
    this.sink.skippedLines++;
    this.sink.problemOnce(
      'duration',
      'A duration stands without its statement. Set log_min_duration_statement instead of log_duration, and put %p into log_line_prefix.',
    );
  }

  private facts(entry: PostgresEntry, durationMs: number, shape: SqlShape, plan?: PlanNode): RunFacts {
    const examined = plan === undefined ? undefined : rowsRead(plan);
    const sent = plan?.rowsActual;
    return {
      at: entry.at,
      system: 'postgresql',
      database: entry.database,
      user: entry.user,
      durationMs,
      shape,
      ...(plan === undefined ? {} : { plan }),
      ...(examined === undefined ? {} : { rowsExamined: examined }),
      ...(sent === undefined ? {} : { rowsSent: Math.round(sent) }),
    };
  }

  private run(
    entry: PostgresEntry,
    backend: Backend,
    durationMs: number,
    sql: string,
    isExtended: boolean,
  ): void {
    if (sql.trim() === '') {
      this.sink.skippedLines++;
      return;
    }
    const shape = this.sink.shape(sql, 'postgresql');
    const before = backend.explained;
    backend.statement = undefined;
    const isSame =
      before !== undefined &&
      before.shape.fingerprint === shape.fingerprint &&
      entry.at - before.at < PAIRED_WITHIN_MS &&
      durationMs >= before.durationMs;
    if (isSame) {
      backend.explained = undefined;
      this.sink.run(this.withTemp(backend, { ...before, at: entry.at, durationMs, shape }));
      return;
    }
    this.flush(backend);
    const facts = this.withTemp(backend, this.facts(entry, durationMs, shape));
    backend.temp = undefined;
    if (isExtended && entry.pid > 0) backend.executed = facts;
    else this.sink.run(facts);
  }

  private plan(entry: PostgresEntry, backend: Backend, durationMs: number, text: string): void {
    const { query, plan } = readAutoExplain(text);
    if (query.trim() === '') {
      this.sink.skippedLines++;
      this.sink.problemOnce('plan', 'A plan of auto_explain names no statement; it was left out.');
      return;
    }
    const shape = this.sink.shape(query, 'postgresql');
    const facts = this.facts(entry, durationMs, shape, plan);
    const before = backend.executed;
    const isItsPlan =
      before?.shape.fingerprint === shape.fingerprint &&
      before.plan === undefined &&
      durationMs <= before.durationMs;
    if (isItsPlan) {
      backend.executed = { ...facts, ...before };
      return;
    }
    this.flush(backend);
    backend.explained = facts;
    // Without a process id the next line may be anybody's.
    if (entry.pid === 0) this.flush(backend);
  }

  /** Told when it is removed: before the duration line, or behind it in the extended protocol. */
  private tempFile(backend: Backend, shape: SqlShape, size: number): void {
    const { executed, temp } = backend;
    if (executed?.shape.fingerprint === shape.fingerprint) {
      backend.executed = { ...executed, tempBytes: (executed.tempBytes ?? 0) + size };
      return;
    }
    const bytes = size + (temp?.fingerprint === shape.fingerprint ? temp.bytes : 0);
    backend.temp = { fingerprint: shape.fingerprint, bytes };
  }

  private notice(entry: PostgresEntry): void {
    const told = noticeOf(entry);
    if (told === undefined) return;
    const shape =
      entry.statement === '' ? undefined : this.sink.shape(withoutMark(entry.statement), 'postgresql');
    if (told.kind !== 'temp-file') {
      const backend = this.backends.get(entry.pid);
      if (backend !== undefined) this.flush(backend);
    } else if (told.bytes !== undefined && shape !== undefined) {
      this.tempFile(this.backend(entry.pid), shape, told.bytes);
    }
    this.sink.notice({
      at: entry.at,
      system: 'postgresql',
      database: entry.database,
      ...told,
      ...(shape === undefined ? {} : { shape }),
    });
  }
}
