import type { PlanNode } from '#lib/model/statement.ts';
import { rowsRead } from '../plans/build.ts';
import type { ExplainedStatement } from '../plans/json.ts';
import { readJsonPlan } from '../plans/json.ts';
import { readTextPlan } from '../plans/text.ts';
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
  temp: { fingerprint: string; bytes: number } | undefined;
}

const MOST_BACKENDS = 4096;
/** The line with the duration follows the plan's at once; an hour later it is another's. */
const PAIRED_WITHIN_MS = 60_000;

const withoutMark = (text: string): string => {
  const cut = text.indexOf(TRUNCATED);
  return cut < 0 ? text : text.slice(0, cut);
};

function explained(text: string): ExplainedStatement {
  const body = text.trimStart();
  if (body.startsWith('{') || body.startsWith('[')) return readJsonPlan(body);
  if (body.startsWith('<')) return { query: xmlQuery(body), plan: undefined };
  return readTextPlan(body);
}

function xmlQuery(xml: string): string {
  const from = xml.indexOf('<Query-Text>');
  const to = xml.indexOf('</Query-Text>', from);
  if (from < 0 || to < 0) return '';
  return xml
    .slice(from + 12, to)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

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
      found = { statement: undefined, explained: undefined, temp: undefined };
      this.backends.set(pid, found);
    }
    return found;
  }

  /** Lets go of a plan whose duration line never came. */
  private flush(backend: Backend): void {
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
        this.run(entry, backend, durationMs, prepared ? entry.detail.slice(prepared[0].length) : rest);
      }
    }
  }

  private pair(entry: PostgresEntry, backend: Backend, durationMs: number): void {
    const { statement } = backend;
    backend.statement = undefined;
    if (statement !== undefined) {
      this.run(entry, backend, durationMs, statement);
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

  private run(entry: PostgresEntry, backend: Backend, durationMs: number, sql: string): void {
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
    this.sink.run(this.withTemp(backend, this.facts(entry, durationMs, shape)));
    backend.temp = undefined;
  }

  private plan(entry: PostgresEntry, backend: Backend, durationMs: number, text: string): void {
    const { query, plan } = explained(text);
    if (query.trim() === '') {
      this.sink.skippedLines++;
      this.sink.problemOnce('plan', 'A plan of auto_explain names no statement; it was left out.');
      return;
    }
    this.flush(backend);
    const shape = this.sink.shape(query, 'postgresql');
    backend.explained = this.facts(entry, durationMs, shape, plan);
    // Without a process id the next line may be anybody's.
    if (entry.pid === 0) this.flush(backend);
  }

  private notice(entry: PostgresEntry): void {
    const told = noticeOf(entry);
    if (told === undefined) return;
    const shape =
      entry.statement === '' ? undefined : this.sink.shape(withoutMark(entry.statement), 'postgresql');
    if (told.kind === 'temp-file' && told.bytes !== undefined && shape !== undefined) {
      const backend = this.backend(entry.pid);
      const isSame = backend.temp?.fingerprint === shape.fingerprint;
      const bytes = told.bytes + (isSame ? (backend.temp?.bytes ?? 0) : 0);
      backend.temp = { fingerprint: shape.fingerprint, bytes };
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
