import { splitMasked } from './sql/split.ts';
import type { SqlDialect } from './sql/tokens.ts';

/** Words that end the list of tables after FROM, or stand where a name cannot. */
const NOT_A_TABLE = new Set(
  (
    'select where set values on using as group order having limit union join left right inner outer cross full natural ' +
    'lateral only when default returning for with and or not null'
  ).split(' '),
);

const unquote = (name: string): string =>
  (name.startsWith('"') || name.startsWith('`')) && name.length > 1 ? name.slice(1, -1) : name;

const isName = (token: string | undefined): token is string =>
  token !== undefined && /^["`\w\u0080-\uffff]/.test(token) && !NOT_A_TABLE.has(token.toLowerCase());

interface Name {
  readonly name: string;
  /** Index behind it. */
  readonly end: number;
}

/** Reads `a.b.c` at `i`. */
function readName(tokens: readonly string[], i: number): Name | undefined {
  const first = tokens[i];
  if (!isName(first)) return undefined;
  const parts = [unquote(first)];
  let end = i + 1;
  while (tokens[end] === '.' && isName(tokens[end + 1])) {
    parts.push(unquote(tokens[end + 1] ?? ''));
    end += 2;
  }
  return { name: parts.join('.'), end };
}

const lower = (token: string | undefined): string => token?.toLowerCase() ?? '';

interface TableUse {
  readonly name: string;
  readonly alias: string | undefined;
}

/** Skips ONLY, LATERAL, IGNORE and the like before a table's name. */
function afterModifiers(tokens: readonly string[], i: number): number {
  let at = i;
  while (['only', 'lateral', 'ignore', 'low_priority', 'delayed', 'into', 'from'].includes(lower(tokens[at])))
    at++;
  return at;
}

function commonTableNames(tokens: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (let i = 0; i < tokens.length; i++) {
    if (lower(tokens[i + 1]) !== 'as' && tokens[i + 1] !== '(') continue;
    const before = lower(tokens[i - 1]);
    if (before !== 'with' && before !== 'recursive' && before !== ',') continue;
    let at = i + 1;
    if (tokens[at] === '(') {
      while (at < tokens.length && tokens[at] !== ')') at++;
      at++;
    }
    if (lower(tokens[at]) !== 'as') continue;
    at++;
    if (lower(tokens[at]) === 'not') at++;
    if (lower(tokens[at]) === 'materialized') at++;
    if (tokens[at] === '(' && lower(tokens[0]) === 'with') names.add(unquote(tokens[i] ?? '').toLowerCase());
  }
  return names;
}

function tableUses(tokens: readonly string[]): TableUse[] {
  const uses: TableUse[] = [];
  // FROM in extract(day FROM x) names no table: only brackets that hold a query count.
  const depthIsQuery: boolean[] = [true];
  const read = (start: number): number => {
    const found = readName(tokens, afterModifiers(tokens, start));
    if (found === undefined || tokens[found.end] === '(') return start;
    const hasAs = lower(tokens[found.end]) === 'as';
    const alias = readName(tokens, hasAs ? found.end + 1 : found.end);
    const isAlias = alias !== undefined && !alias.name.includes('.') && !STOPS.has(alias.name.toLowerCase());
    uses.push({ name: found.name, alias: isAlias ? alias.name : undefined });
    return isAlias ? alias.end : found.end;
  };
  for (let i = 0; i < tokens.length; i++) {
    const word = lower(tokens[i]);
    if (word === '(') {
      const next = lower(tokens[i + 1]);
      const before = lower(tokens[i - 1]);
      depthIsQuery.push(
        next === 'select' || next === 'with' || before === 'from' || before === 'join' || next === '(',
      );
    } else if (word === ')') {
      if (depthIsQuery.length > 1) depthIsQuery.pop();
    } else if (word === 'from' && depthIsQuery.at(-1) && lower(tokens[i - 1]) !== 'distinct') {
      let at = read(i + 1);
      while (tokens[at] === ',') at = read(at + 1);
    } else if (word === 'join' || word === 'into') {
      // INSERT INTO t (a, b): the bracket is a list of columns.
      const found = readName(tokens, i + 1);
      if (word === 'into' && found !== undefined && tokens[found.end] === '(') {
        uses.push({ name: found.name, alias: undefined });
      } else if (word === 'join' || ['insert', 'replace', 'merge', 'ignore'].includes(lower(tokens[i - 1]))) {
        read(i + 1);
      }
    } else if (word === 'update' && !['for', 'do', 'key', 'no'].includes(lower(tokens[i - 1]))) {
      read(i + 1);
    }
  }
  return uses;
}

/** Words after a table's name that are no alias. */
const STOPS = new Set(
  'use force ignore partition tablesample window offset fetch straight_join except intersect for lock procedure overriding default'.split(
    ' ',
  ),
);

/** Names of the tables that a normalised statement reads or writes, in order, each once; empty when it names none. */
export function tablesOf(text: string): string[] {
  const tokens = splitMasked(text, dialectByQuotes(text));
  const common = commonTableNames(tokens);
  return [...new Set(tableUses(tokens).map((use) => use.name))].filter((n) => !common.has(n.toLowerCase()));
}

const dialectByQuotes = (text: string): SqlDialect => (text.includes('`') ? 'mysql' : 'postgresql');

/** What an index would have to serve. Columns are in the statement's order. */
export interface PredicateColumns {
  /** The one table of the statement. */
  readonly table?: string;
  /** Compared with = or IN. */
  readonly equality: readonly string[];
  /** Compared with <, >, <=, >= or BETWEEN. */
  readonly range: readonly string[];
  /** In ORDER BY. */
  readonly sort: readonly string[];
}

const RANGE = new Set(['<', '>', '<=', '>=', 'between']);
/** Where one of these stands, an index on plain columns may not serve the condition. */
const TOO_MUCH = new Set([
  'or',
  'union',
  'join',
  'intersect',
  'except',
  'select',
  'case',
  'exists',
  'any',
  'all',
]);
const CLAUSE_END = new Set([
  'group',
  'order',
  'limit',
  'having',
  'offset',
  'fetch',
  'for',
  'returning',
  'window',
  'on',
]);

/**
 * The columns that the WHERE and ORDER BY of a simple statement (one table, conditions joined by AND) use;
 * undefined when unsure.
 */
export function predicateColumns(text: string): PredicateColumns | undefined {
  const tokens = splitMasked(text, dialectByQuotes(text));
  const uses = tableUses(tokens);
  const [use] = uses;
  const verb = lower(tokens[0]);
  if (use === undefined || uses.length !== 1 || !['select', 'update', 'delete'].includes(verb))
    return undefined;
  const where = tokens.findIndex((t) => lower(t) === 'where');
  const order = tokens.findIndex((t, i) => lower(t) === 'order' && lower(tokens[i + 1]) === 'by');
  if ((where < 0 && order < 0) || tokens.some((t) => lower(t) === 'over')) return undefined;
  const conditions = where < 0 ? [] : conditionTokens(tokens, where + 1);
  if (conditions.some((t) => TOO_MUCH.has(lower(t)))) return undefined;
  const columns = readConditions(conditions);
  const sort = order < 0 ? [] : readSort(tokens, order + 2);
  if (sort === undefined) return undefined;
  return { table: use.name, equality: columns.equality, range: columns.range, sort };
}

function conditionTokens(tokens: readonly string[], start: number): string[] {
  const out: string[] = [];
  for (const token of tokens.slice(start)) {
    if (CLAUSE_END.has(lower(token)) || token === ';') break;
    out.push(token);
  }
  return out;
}

/** `t.a` and `"a"` are `a`; undefined for anything but a column. */
function columnAt(tokens: readonly string[], i: number): Name | undefined {
  const found = readName(tokens, i);
  if (found === undefined || tokens[found.end] === '(') return undefined;
  return { name: found.name.slice(found.name.lastIndexOf('.') + 1), end: found.end };
}

function readConditions(tokens: readonly string[]): { equality: string[]; range: string[] } {
  const equality = new Set<string>();
  const range = new Set<string>();
  // Without brackets a call such as lower(a) reads as two names and matches nothing below.
  for (const condition of splitByAnd(tokens.filter((t) => t !== '(' && t !== ')'))) {
    const column = columnAt(condition, 0);
    if (column === undefined) continue;
    const sign = lower(condition[column.end]);
    const value = condition.slice(column.end + 1);
    if (sign === 'is' && lower(value[0]) === 'null') equality.add(column.name);
    if (!value.includes('?')) continue;
    if (sign === '=' || sign === 'in') equality.add(column.name);
    else if (RANGE.has(sign)) range.add(column.name);
  }
  for (const name of equality) range.delete(name);
  return { equality: [...equality], range: [...range] };
}

/** Splits at AND, but for the AND of BETWEEN. */
function splitByAnd(tokens: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let isBetween = false;
  for (const token of tokens) {
    const word = lower(token);
    if (word === 'between') isBetween = true;
    if (word === 'and' && !isBetween) parts.push([]);
    else parts.at(-1)?.push(token);
    if (word === 'and') isBetween = false;
  }
  return parts;
}

function readSort(tokens: readonly string[], start: number): string[] | undefined {
  const columns: string[] = [];
  let at = start;
  while (at < tokens.length) {
    const column = columnAt(tokens, at);
    if (column === undefined) return undefined;
    columns.push(column.name);
    at = column.end;
    while (['asc', 'desc', 'nulls', 'first', 'last'].includes(lower(tokens[at]))) at++;
    if (tokens[at] !== ',') return columns;
    at++;
  }
  return columns;
}
