import { readTimestamp } from './timestamp.ts';

const PRIMARY = new Set([
  'LOG',
  'ERROR',
  'FATAL',
  'PANIC',
  'WARNING',
  'NOTICE',
  'INFO',
  'DEBUG',
  'DEBUG1',
  'DEBUG2',
  'DEBUG3',
  'DEBUG4',
  'DEBUG5',
]);
const SECONDARY = new Set(['DETAIL', 'HINT', 'CONTEXT', 'STATEMENT', 'QUERY', 'LOCATION', 'BACKTRACE']);

/** A prefix is not longer than this. */
const SEARCHED = 512;

export interface Severity {
  readonly level: string;
  /** Whether the line starts an entry rather than adding to one. */
  readonly isPrimary: boolean;
  /** Index of the level in the line: the prefix's length. */
  readonly start: number;
  /** Index of the message. */
  readonly end: number;
}

/** Finds `LOG:  ` and its like behind a line's prefix. */
export function findSeverity(line: string): Severity | undefined {
  for (let colon = line.indexOf(':'); colon >= 0 && colon < SEARCHED; colon = line.indexOf(':', colon + 1)) {
    if (line.charCodeAt(colon + 1) !== 32 && colon + 1 !== line.length) continue;
    let start = colon;
    while (start > 0 && colon - start < 10) {
      const c = line.charCodeAt(start - 1);
      if (!(c >= 65 && c <= 90) && !(c >= 48 && c <= 57)) break;
      start--;
    }
    if (colon - start < 3) continue;
    const level = line.slice(start, colon);
    const isPrimary = PRIMARY.has(level);
    if (!isPrimary && !SECONDARY.has(level)) continue;
    let end = colon + 1;
    while (end < colon + 3 && line.charCodeAt(end) === 32) end++;
    return { level, isPrimary, start, end };
  }
  return undefined;
}

export interface Prefix {
  /** ms since the epoch; undefined when the prefix has no time */
  readonly at: number | undefined;
  readonly unknownZone: string | undefined;
  readonly pid: number;
  readonly user: string;
  readonly database: string;
}

interface Session {
  readonly pid: number;
  readonly user: string;
  readonly database: string;
}

const clean = (name: string | undefined): string =>
  name === undefined || name === '[unknown]' || name === '[local]' ? '' : name.slice(0, 63);

/** Who wrote the line, from whatever of %p, %c, %u, %d the prefix holds in whatever form. */
function readSession(rest: string): Session {
  const bracket = /\[(\d{1,10})(?:-\d{1,10})?\]/.exec(rest) ?? /\b(?:pid|p)=(\d{1,10})/.exec(rest);
  const bare = bracket ?? /(?:^|[\s:,|-])(\d{1,10})(?=[\s:,|-]|$)/.exec(rest);
  const session = bare ? undefined : /\b[0-9a-f]{8}\.([0-9a-f]{1,8})\b/.exec(rest);
  const pid = bare ? Number(bare[1]) : session ? Number.parseInt(session[1] ?? '', 16) : 0;
  const at = /([\w.$-]{0,63}|\[unknown\])@([\w.$-]{1,63}|\[unknown\])/.exec(rest);
  const user = /\b(?:user|usr|u)=([^,\s|;\]]{0,63})/.exec(rest)?.[1] ?? at?.[1];
  const database = /\b(?:db|database|d)=([^,\s|;\]]{0,63})/.exec(rest)?.[1] ?? at?.[2];
  return { pid, user: clean(user), database: clean(database) };
}

const CACHE_LIMIT = 2048;
const DATE = /\d{4}-\d\d-\d\d[ T]\d\d:/;
const EPOCH = /(?:^|[^\d.])(1\d{9})\.(\d{3})(?!\d)/;

/** Reads prefixes; the part behind the time is the same for all lines of a session and is read once. */
export class PrefixReader {
  private readonly sessions = new Map<string, Session>();

  read(prefix: string): Prefix {
    let from = 0;
    let time = readTimestamp(prefix, 0);
    if (time === undefined) {
      const found = prefix.search(DATE);
      if (found >= 0) time = readTimestamp(prefix, found);
    }
    let at = time?.at;
    if (time !== undefined) {
      from = time.end;
    } else {
      const epoch = EPOCH.exec(prefix);
      if (epoch !== null) {
        at = Number(epoch[1]) * 1000 + Number(epoch[2]);
        from = epoch.index + epoch[0].length;
      }
    }
    const rest = prefix.slice(from);
    let session = this.sessions.get(rest);
    if (session === undefined) {
      session = readSession(rest);
      if (this.sessions.size >= CACHE_LIMIT) this.sessions.clear();
      this.sessions.set(rest, session);
    }
    return {
      at,
      unknownZone: time?.unknownZone,
      pid: session.pid,
      user: session.user,
      database: session.database,
    };
  }
}
