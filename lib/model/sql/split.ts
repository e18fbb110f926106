import type { SqlDialect } from './tokens.ts';
import { blockCommentEnd, isDigit, isNamePart, isNameStart, isSpace, nameEnd, readQuoted } from './tokens.ts';

const OPERATOR = '+-*/<>=~!@#%^&|';
const LONGEST_OPERATOR = 8;
const LETS_SIGN_END = /[~!@#%^&|]/;
const CONSTANTS = new Set(['null', 'true', 'false']);
/** Words after which a value comes: a sign there belongs to the value, and NULL is a value. */
const BEFORE_VALUE = new Set(
  'and or not between in like then else when return returning select values value limit offset by set where on having case interval'.split(
    ' ',
  ),
);

/** `@x` is a variable, not an operator. */
const isOperator = (token: string): boolean =>
  OPERATOR.includes(token.charAt(0)) && !isNamePart(token.charCodeAt(token.length - 1));

/** Whether a value, not an operator, comes next. */
function expectsValue(before: string | undefined): boolean {
  if (before === undefined || before === '(' || before === ',' || before === '[') return true;
  return isOperator(before) || BEFORE_VALUE.has(before.toLowerCase());
}

/** NULL, TRUE and FALSE are values in lists and comparisons, but part of the shape in IS NULL and NOT NULL. */
function isConstantValue(before: string | undefined): boolean {
  if (before === undefined) return false;
  const lower = before.toLowerCase();
  return before === '(' || before === ',' || isOperator(before) || lower === 'then' || lower === 'else';
}

/** Whether a variable (`=@x`) or placeholder (`=%s`) starts at `at`, right behind a comparison. */
function startsOperand(sql: string, operator: number, at: number): boolean {
  const c = sql.charCodeAt(at);
  const next = sql.charCodeAt(at + 1);
  if (c === 64) return '=>!'.includes(sql.charAt(operator)) && (isNameStart(next) || next === 64);
  return c === 37 && (next === 40 || (next === 115 && !isNamePart(sql.charCodeAt(at + 2))));
}

function operatorEnd(sql: string, start: number): number {
  let end = start + 1;
  while (end < sql.length && end - start < LONGEST_OPERATOR && OPERATOR.includes(sql.charAt(end))) {
    if (sql.startsWith('/*', end) || startsOperand(sql, start, end)) break;
    end++;
  }
  // PostgreSQL's rule: `=-` is `=` and a sign, `@-` is one operator.
  while (end > start + 1 && '+-'.includes(sql.charAt(end - 1)) && !LETS_SIGN_END.test(sql.slice(start, end)))
    end--;
  return end;
}

/** The end of a placeholder other than `?` that starts at `i`: $1, :name, %s, %(name)s, {name}; 0 when there is none. */
function placeholderEnd(sql: string, i: number, before: string | undefined): number {
  const c = sql.charCodeAt(i);
  const next = sql.charCodeAt(i + 1);
  if (c === 36 && isDigit(next)) {
    let end = i + 1;
    while (isDigit(sql.charCodeAt(end))) end++;
    return end;
  }
  if (!expectsValue(before)) return 0;
  if (c === 58 && (isNameStart(next) || next === 63)) return next === 63 ? i + 2 : nameEnd(sql, i + 1);
  if (c === 37) {
    if ((next === 115 || next === 100 || next === 98) && !isNamePart(sql.charCodeAt(i + 2))) return i + 2;
    if (next === 40 && isNameStart(sql.charCodeAt(i + 2))) {
      const end = nameEnd(sql, i + 2);
      if (sql.startsWith(')s', end)) return end + 2;
    }
  }
  return 0;
}

/**
 * Splits a masked statement into words, quoted names, `?` (literals and placeholders of any kind) and signs.
 * Comments and the sign of a value are left out.
 */
export function splitMasked(sql: string, dialect: SqlDialect): string[] {
  const tokens: string[] = [];
  let i = 0;
  const value = (end: number): void => {
    const sign = tokens.at(-1);
    if ((sign === '-' || sign === '+') && expectsValue(tokens.at(-2))) tokens.pop();
    tokens.push('?');
    i = end;
  };
  const take = (end: number): void => {
    tokens.push(sql.slice(i, end));
    i = end;
  };
  while (i < sql.length) {
    const c = sql.charCodeAt(i);
    const next = sql.charCodeAt(i + 1);
    const before = tokens.at(-1);
    if (isSpace(c)) {
      i++;
    } else if (isNameStart(c) || isDigit(c)) {
      const end = nameEnd(sql, i);
      const isConstant = end - i <= 5 && CONSTANTS.has(sql.slice(i, end).toLowerCase());
      if (isConstant && isConstantValue(before)) value(end);
      else take(end);
    } else if (c === 63) {
      value(i + 1);
    } else if (c === 34 || c === 96) {
      const { end } = readQuoted(sql, i, false);
      take(end < 0 ? sql.length : end);
    } else if (c === 47 && next === 42) {
      const end = blockCommentEnd(sql, i, dialect);
      i = end < 0 ? sql.length : end;
    } else if (c === 64 && (isNameStart(next) || (dialect === 'mysql' && next === 64))) {
      const end = nameEnd(sql, next === 64 ? i + 2 : i + 1);
      // SQL Server's drivers name parameters @p1.
      if (/^p\d+$/i.test(sql.slice(i + 1, end))) value(end);
      else take(end);
    } else {
      const end = placeholderEnd(sql, i, before);
      if (end > 0) value(end);
      else if (c === 58 && next === 58) take(i + 2);
      else if (OPERATOR.includes(sql.charAt(i))) take(operatorEnd(sql, i));
      else take(i + 1);
    }
  }
  return tokens;
}
