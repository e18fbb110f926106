/** How a statement is quoted: what `"x"`, `\`, `#` and `--` mean differs. */
export type SqlDialect = 'postgresql' | 'mysql';

/** The dialect of a database system's name (`db.system`, a log's kind); unknown systems read as standard SQL. */
export function dialectOf(system: string): SqlDialect {
  const name = system.toLowerCase();
  return name === 'mysql' || name === 'mariadb' || name === 'percona' || name === 'tidb'
    ? 'mysql'
    : 'postgresql';
}

export const isDigit = (c: number): boolean => c >= 48 && c <= 57;

export const isSpace = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);

/** First character of a name: a letter, `_` or anything beyond ASCII. */
export const isNameStart = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c >= 128;

/** A later character of a name: also digits and `$`. */
export const isNamePart = (c: number): boolean => isNameStart(c) || isDigit(c) || c === 36;

/** The end of the run of name characters that starts at `i`. */
export function nameEnd(sql: string, i: number): number {
  let at = i;
  while (at < sql.length && isNamePart(sql.charCodeAt(at))) at++;
  return at;
}

/** Where a quoted text ends (after the closing quote); `end` is -1 when it never does. */
export interface Quoted {
  readonly end: number;
  /** A backslash stands before a quote: servers set up differently disagree about where the text ends. */
  readonly doubtful: boolean;
}

const BACKSLASH = 92;

/** Reads a text quoted with the character at `open`; a doubled quote stands for itself. */
export function readQuoted(sql: string, open: number, backslashEscapes: boolean): Quoted {
  const quote = sql.charCodeAt(open);
  let doubtful = false;
  for (let i = open + 1; i < sql.length; i++) {
    const c = sql.charCodeAt(i);
    if (c === BACKSLASH) {
      if (sql.charCodeAt(i + 1) === quote) doubtful = true;
      if (backslashEscapes) i++;
    } else if (c === quote) {
      if (sql.charCodeAt(i + 1) !== quote) return { end: i + 1, doubtful };
      i++;
    }
  }
  return { end: -1, doubtful };
}

/** The end of a `$tag$…$tag$` text that starts at `i`: 0 when none starts there, -1 when it never ends. */
export function dollarQuoteEnd(sql: string, i: number): number {
  const first = sql.charCodeAt(i + 1);
  let tagEnd = i + 1;
  if (first !== 36) {
    if (!isNameStart(first)) return 0;
    while (tagEnd < sql.length && isNamePart(sql.charCodeAt(tagEnd)) && sql.charCodeAt(tagEnd) !== 36)
      tagEnd++;
    if (sql.charCodeAt(tagEnd) !== 36) return 0;
  }
  const tag = sql.slice(i, tagEnd + 1);
  const close = sql.indexOf(tag, tagEnd + 1);
  return close < 0 ? -1 : close + tag.length;
}

/** The end of the block comment that starts at `i`; PostgreSQL's nest. -1 when it never ends. */
export function blockCommentEnd(sql: string, i: number, dialect: SqlDialect): number {
  if (dialect === 'mysql') {
    const close = sql.indexOf('*/', i + 2);
    return close < 0 ? -1 : close + 2;
  }
  let depth = 1;
  for (let at = i + 2; at < sql.length - 1; at++) {
    const c = sql.charCodeAt(at);
    if (c === 42 && sql.charCodeAt(at + 1) === 47) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    } else if (c === 47 && sql.charCodeAt(at + 1) === 42) {
      depth++;
      at++;
    }
  }
  return -1;
}

/**
 * The end of the number that starts at `i` (a digit, or a point before a digit): integers, decimals, exponents,
 * 0x/0o/0b, digit groups with `_`.
 */
export function numberEnd(sql: string, i: number): number {
  let at = i;
  const second = sql.charCodeAt(i + 1) | 32;
  if (sql.charCodeAt(i) === 48 && (second === 120 || second === 98 || second === 111)) {
    at = i + 2;
    while (at < sql.length && isNamePart(sql.charCodeAt(at))) at++;
    return at;
  }
  const digits = (): void => {
    while (at < sql.length && (isDigit(sql.charCodeAt(at)) || sql.charCodeAt(at) === 95)) at++;
  };
  digits();
  if (sql.charCodeAt(at) === 46 && sql.charCodeAt(at + 1) !== 46) {
    at++;
    digits();
  }
  if ((sql.charCodeAt(at) | 32) === 101) {
    const sign = sql.charCodeAt(at + 1);
    const exponent = sign === 43 || sign === 45 ? at + 2 : at + 1;
    if (isDigit(sql.charCodeAt(exponent))) {
      at = exponent;
      digits();
    }
  }
  return at;
}
