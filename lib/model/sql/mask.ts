import type { SqlDialect } from './tokens.ts';
import {
  blockCommentEnd,
  dollarQuoteEnd,
  isDigit,
  isNamePart,
  isNameStart,
  isSpace,
  nameEnd,
  numberEnd,
  readQuoted,
} from './tokens.ts';

export interface MaskedSql {
  /** The statement in its own layout: every literal is `?`, comments are gone but for sqlcommenter's keys. */
  readonly text: string;
  /** 32 hex digits, from a `traceparent` in a comment. */
  readonly traceId: string | undefined;
}

/** Words after which only a name can follow, so that MySQL's `"x"` there is no string (ANSI_QUOTES). */
const BEFORE_NAME = new Set(['join', 'into', 'update', 'table']);

const TRACEPARENT = /traceparent['"]?\s{0,4}[=:]\s{0,4}['"]?00-([0-9a-f]{32})-[0-9a-f]{16}-/i;
const COMMENT_PAIR = /([\w.%-]{1,64})='(?:[^'\\]|\\.){0,512}'/g;
const COMMENT_READ = 4096;

function commentKeys(comment: string): string {
  if (!comment.includes("='")) return '';
  const keys = Array.from(comment.matchAll(COMMENT_PAIR), (m) => `${m[1]}=?`);
  return keys.length === 0 ? '' : `/*${keys.join(',')}*/`;
}

class Masker {
  traceId: string | undefined;
  private readonly sql: string;
  private readonly dialect: SqlDialect;
  private out = '';
  /** From here the text is copied as it stands. */
  private kept = 0;
  /** Length of `out` before the first text about whose end servers disagree. */
  private doubt = -1;
  /** The token before, when it was a word. */
  private word = '';
  private depth = 0;

  constructor(sql: string, dialect: SqlDialect) {
    this.sql = sql;
    this.dialect = dialect;
  }

  run(): string {
    const { sql } = this;
    let i = 0;
    while (i < sql.length) {
      const c = sql.charCodeAt(i);
      if (isSpace(c)) {
        i++;
      } else if (isNameStart(c)) {
        i = this.name(i);
      } else {
        i = this.other(i, c);
      }
    }
    return this.out + sql.slice(this.kept);
  }

  private replace(from: number, to: number, by: string): number {
    if (from > this.kept) this.out += this.sql.slice(this.kept, from);
    this.out += by;
    this.kept = to;
    return to;
  }

  /** Masks everything from `from`, or from the earliest doubtful text before it. */
  private giveUp(from: number): number {
    this.replace(from, this.sql.length, '?');
    if (this.doubt >= 0) this.out = `${this.out.slice(0, this.doubt)}?`;
    return this.sql.length;
  }

  private name(start: number): number {
    const { sql } = this;
    const end = nameEnd(sql, start);
    const next = sql.charCodeAt(end);
    if (end - start === 1 && next === 39) {
      const letter = sql.charCodeAt(start) | 32;
      // E'…', N'…', B'…', X'…'
      if (letter === 101) return this.string(start, end, true);
      if (letter === 110 || letter === 98 || letter === 120)
        return this.string(start, end, this.dialect === 'mysql');
      if (letter === 117) return this.string(start, end, false);
    }
    if (end - start === 1 && next === 38 && (sql.charCodeAt(start) | 32) === 117) {
      if (sql.charCodeAt(end + 1) === 39) return this.string(start, end + 1, false);
    }
    this.word = end - start > 6 ? '' : sql.slice(start, end).toLowerCase();
    return end;
  }

  /** A literal from `from` whose opening quote is at `open`; `'a' 'b'` is one literal. */
  private string(from: number, open: number, escapes: boolean): number {
    const { sql } = this;
    const length = this.out.length + Math.max(0, from - this.kept);
    let at = open;
    let end = from;
    while (sql.charCodeAt(at) === sql.charCodeAt(open)) {
      const read = readQuoted(sql, at, escapes);
      if (read.doubtful && this.doubt < 0) this.doubt = length;
      if (read.end < 0) return this.giveUp(from);
      end = read.end;
      at = end;
      while (isSpace(sql.charCodeAt(at))) at++;
      if (at === end) break;
    }
    this.word = '';
    return this.replace(from, end, '?');
  }

  private comment(from: number, end: number): number {
    const { sql } = this;
    const text = sql.slice(from, Math.min(end, from + COMMENT_READ));
    this.traceId ??= TRACEPARENT.exec(text)?.[1]?.toLowerCase();
    const keys = commentKeys(text);
    const touches = from > 0 && isNamePart(sql.charCodeAt(from - 1)) && isNamePart(sql.charCodeAt(end));
    return this.replace(from, end, keys === '' && touches ? ' ' : keys);
  }

  private lineComment(from: number): number {
    const newline = this.sql.indexOf('\n', from);
    return this.comment(from, newline < 0 ? this.sql.length : newline);
  }

  private quotedName(from: number): number {
    const read = readQuoted(this.sql, from, false);
    if (read.end < 0) return this.giveUp(from);
    this.word = '';
    return read.end;
  }

  private doubleQuoted(from: number): number {
    const { sql } = this;
    if (this.dialect !== 'mysql') return this.quotedName(from);
    const isName =
      sql.charCodeAt(from - 1) === 46 ||
      BEFORE_NAME.has(this.word) ||
      (this.word === 'from' && this.depth === 0);
    return isName ? this.quotedName(from) : this.string(from, from, true);
  }

  private number(from: number): number {
    const { sql } = this;
    let end = numberEnd(sql, from);
    if (isNamePart(sql.charCodeAt(end))) {
      end = nameEnd(sql, end);
      const isName =
        this.dialect === 'mysql' &&
        (sql.charCodeAt(from - 1) === 46 || BEFORE_NAME.has(this.word) || this.word === 'from');
      if (isName) return end;
    }
    this.word = '';
    return this.replace(from, end, '?');
  }

  private other(i: number, c: number): number {
    const { sql } = this;
    const next = sql.charCodeAt(i + 1);
    const mysql = this.dialect === 'mysql';
    switch (c) {
      case 39:
        return this.string(i, i, mysql);
      case 34:
        return this.doubleQuoted(i);
      case 96:
        return this.quotedName(i);
      case 36: {
        if (isDigit(next)) return nameEnd(sql, i + 1);
        const end = mysql ? 0 : dollarQuoteEnd(sql, i);
        if (end < 0) return this.giveUp(i);
        return end === 0 ? i + 1 : this.replace(i, end, '?');
      }
      case 47:
        if (next === 42) {
          const end = blockCommentEnd(sql, i, this.dialect);
          return this.comment(i, end < 0 ? sql.length : end);
        }
        break;
      case 45:
        if (next === 45 && (!mysql || Number.isNaN(sql.charCodeAt(i + 2)) || sql.charCodeAt(i + 2) <= 32))
          return this.lineComment(i);
        break;
      case 35:
        if (mysql) return this.lineComment(i);
        break;
      case 46: {
        const before = sql.charCodeAt(i - 1);
        if (isDigit(next) && !isNamePart(before) && before !== 96 && before !== 34) return this.number(i);
        return i + 1;
      }
      case 63: {
        // SQLite's and JDBC's ?1
        let end = i + 1;
        while (isDigit(sql.charCodeAt(end))) end++;
        return end === i + 1 ? end : this.replace(i, end, '?');
      }
      case 40:
        this.depth++;
        break;
      case 41:
        this.depth--;
        break;
      default:
        if (isDigit(c)) return this.number(i);
    }
    this.word = '';
    return i + 1;
  }
}

/**
 * Replaces every literal of a statement with `?` and keeps its layout. Comments go, except for the keys of an
 * sqlcommenter comment. Where a quote or comment never ends, everything from there on is one `?`.
 */
export function maskLiterals(sql: string, dialect: SqlDialect): MaskedSql {
  const masker = new Masker(sql, dialect);
  const text = masker.run();
  if (dialect === 'mysql' && sql.includes('/*!') && text.trim().length < 2) {
    // The whole statement stands in a version comment: /*!40000 ALTER TABLE … */
    const inner = new Masker(sql.replace(/\/\*!\d{0,6}|\*\//g, ' '), dialect);
    return { text: inner.run(), traceId: masker.traceId };
  }
  return { text, traceId: masker.traceId };
}
