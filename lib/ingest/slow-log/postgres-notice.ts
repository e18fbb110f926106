import type { NoticeKind } from '#lib/model/statement.ts';
import { maskMessage } from './message.ts';
import type { PostgresEntry } from './postgres-entry.ts';

/** What a log entry says besides durations. */
export interface PostgresNotice {
  readonly kind: NoticeKind;
  readonly message: string;
  readonly pid?: number;
  readonly relation?: string;
  readonly waitMs?: number;
  readonly blockers?: readonly number[];
  readonly bytes?: number;
}

const LOCK =
  /^process (\d{1,10}) (still waiting for|acquired|avoided deadlock for|detected deadlock while waiting for) (\w{1,40}) on (.{1,200}?) (?:after|by rearranging queue order after) (\d{1,15}(?:\.\d{1,9})?) ms/;
const TEMP_FILE = /^temporary file: path "([^"]{1,300})", size (\d{1,18})/;
const AUTOMATIC =
  /^automatic (?:aggressive )?(?:vacuum|analyze)(?: to prevent wraparound)? of table "([^"]{1,300})"/;
const REFUSED = /^(?:sorry, too many clients|remaining connection slots|too many connections)/;
const IN_RELATION = /\b(?:in|of) relation "([^"]{1,300})"/;
const IN_TABLE = /\b(?:relation|table) "([^"]{1,300})"/;

const numbers = (text: string | undefined): number[] =>
  Array.from((text ?? '').slice(0, 2000).matchAll(/\d{1,10}/g), (m) => Number(m[0]));

function relationOf(entry: PostgresEntry): string | undefined {
  return IN_RELATION.exec(entry.context)?.[1] ?? IN_TABLE.exec(entry.message.slice(0, 1000))?.[1];
}

function lockNotice(entry: PostgresEntry): PostgresNotice | undefined {
  const m = LOCK.exec(entry.message);
  if (m === null) return undefined;
  const [, pid, verb = '', mode, on = '', wait] = m;
  const holders = /holding the lock: ([\d, ]{1,1000})/.exec(entry.detail)?.[1];
  const relation = relationOf(entry);
  return {
    // A detected deadlock is also an ERROR of its own, which counts it.
    kind: verb === 'acquired' ? 'lock-acquired' : 'lock-wait',
    message: `process ${pid} ${verb} ${mode} on ${on} after ${wait} ms`,
    pid: Number(pid),
    waitMs: Number(wait),
    ...(relation === undefined ? {} : { relation }),
    ...(holders === undefined ? {} : { blockers: numbers(holders) }),
  };
}

function deadlockNotice(entry: PostgresEntry): PostgresNotice {
  const blockers = new Set<number>();
  for (const m of entry.detail.slice(0, 20_000).matchAll(/blocked by process (\d{1,10})/g))
    blockers.add(Number(m[1]));
  const relation = relationOf(entry);
  return {
    kind: 'deadlock',
    message: 'deadlock detected',
    ...(entry.pid > 0 ? { pid: entry.pid } : {}),
    ...(blockers.size > 0 ? { blockers: [...blockers] } : {}),
    ...(relation === undefined ? {} : { relation }),
  };
}

function failure(entry: PostgresEntry): PostgresNotice {
  const { message } = entry;
  if (message.startsWith('deadlock detected')) return deadlockNotice(entry);
  const relation = relationOf(entry);
  const more = {
    ...(entry.pid > 0 ? { pid: entry.pid } : {}),
    ...(relation === undefined ? {} : { relation }),
  };
  if (message.startsWith('canceling ')) return { kind: 'cancelled', message: maskMessage(message), ...more };
  const isConnection = REFUSED.test(message) || message.startsWith('terminating connection');
  return { kind: isConnection ? 'connection' : 'error', message: maskMessage(message), ...more };
}

function checkpointNotice(message: string): PostgresNotice {
  const told = message.length > 600 ? `${message.slice(0, 600)}…` : message;
  const seconds = /total=(\d{1,9}(?:\.\d{1,6})?) s/.exec(told)?.[1];
  return {
    kind: 'checkpoint',
    message: told,
    ...(seconds === undefined ? {} : { waitMs: Number(seconds) * 1000 }),
  };
}

/** undefined when the entry says nothing worth keeping. */
export function noticeOf(entry: PostgresEntry): PostgresNotice | undefined {
  const { message, level } = entry;
  if (level === 'ERROR' || level === 'FATAL' || level === 'PANIC') return failure(entry);
  if (message.startsWith('process ')) return lockNotice(entry);
  if (message.startsWith('temporary file: ')) {
    const m = TEMP_FILE.exec(message);
    if (m === null) return undefined;
    return {
      kind: 'temp-file',
      message: `temporary file of ${m[2]} bytes`,
      bytes: Number(m[2]),
      ...(entry.pid > 0 ? { pid: entry.pid } : {}),
    };
  }
  if (/^(?:checkpoint|restartpoint)s? (?:complete|are occurring)/.test(message)) {
    return checkpointNotice(message);
  }
  const automatic = AUTOMATIC.exec(message);
  if (automatic !== null) {
    const elapsed = /elapsed: (\d{1,9}(?:\.\d{1,6})?) s/.exec(message)?.[1];
    return {
      kind: 'autovacuum',
      message: `${automatic[0]}${elapsed === undefined ? '' : ` took ${elapsed} s`}`,
      relation: automatic[1] ?? '',
    };
  }
  if (level === 'WARNING' && message.includes('must be vacuumed within'))
    return { kind: 'autovacuum', message: message.slice(0, 300) };
  if (message.startsWith('connection received'))
    return { kind: 'connection', message: 'connection received' };
  return undefined;
}
