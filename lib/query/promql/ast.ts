import type { Matcher } from '#lib/model/metrics.ts';

/** Offsets into the query text, `to` excluded. */
export interface Position {
  readonly from: number;
  readonly to: number;
}

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export interface Duration {
  readonly ms: number;
  /** As written, for the printer. */
  readonly text: string;
}

/** `offset` and `@` of a selector or subquery. */
export interface TimeShift {
  readonly offset: Duration | undefined;
  /** ms since the epoch, or the end of the query's range that `start()` or `end()` names. */
  readonly at: number | 'start' | 'end' | undefined;
}

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  readonly text: string;
  readonly position: Position;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  /** False when `\x` escapes made bytes that are not UTF-8. */
  readonly isUtf8: boolean;
  readonly position: Position;
}

export interface VectorSelector {
  readonly kind: 'selector';
  /** As written in front of the braces or as the quoted name; undefined for `{…}` alone. */
  readonly name: string | undefined;
  /** Includes the one on `__name__` that `name` stands for. */
  readonly matchers: readonly Matcher[];
  readonly shift: TimeShift;
  /** Values at a window's edges are wanted: taken from the sample in front, or from the line between two samples. */
  readonly extension: 'anchored' | 'smoothed' | undefined;
  readonly position: Position;
}

export interface MatrixSelector {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  readonly range: Duration;
  readonly position: Position;
}

export interface Subquery {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly range: Duration;
  readonly step: Duration | undefined;
  readonly shift: TimeShift;
  readonly position: Position;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expr[];
  readonly position: Position;
}

export const AGGREGATIONS = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'quantile',
  'count_values',
  'limitk',
  'limit_ratio',
] as const;
export type AggregationOp = (typeof AGGREGATIONS)[number];

export interface Aggregation {
  readonly kind: 'aggregation';
  readonly op: AggregationOp;
  readonly expr: Expr;
  readonly param: Expr | undefined;
  readonly grouping: readonly string[];
  readonly without: boolean;
  readonly position: Position;
}

export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | 'atan2'
  | '=='
  | '!='
  | '>'
  | '<'
  | '>='
  | '<='
  | '</'
  | '>/'
  | 'and'
  | 'or'
  | 'unless';

export interface Matching {
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly cardinality: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  /** Labels that `group_left(…)` or `group_right(…)` copies from the one side. */
  readonly include: readonly string[];
  /** What stands in for a series that has no match on the left or right. */
  readonly fillLeft: number | undefined;
  readonly fillRight: number | undefined;
}

export interface Binary {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  readonly bool: boolean;
  readonly matching: Matching;
  /** Whether `on` or `ignoring` was written. */
  readonly explicitMatching: boolean;
  readonly position: Position;
}

export interface Unary {
  readonly kind: 'unary';
  readonly op: '+' | '-';
  readonly expr: Expr;
  readonly position: Position;
}

export interface Paren {
  readonly kind: 'paren';
  readonly expr: Expr;
  readonly position: Position;
}

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | Binary
  | Unary
  | Paren;

export const COMPARISONS: ReadonlySet<BinaryOp> = new Set<BinaryOp>(['==', '!=', '>', '<', '>=', '<=']);
/** Cut observations off a native histogram. */
export const TRIMS: ReadonlySet<BinaryOp> = new Set<BinaryOp>(['</', '>/']);
export const SET_OPERATIONS: ReadonlySet<BinaryOp> = new Set<BinaryOp>(['and', 'or', 'unless']);

export function withoutParens(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === 'paren') inner = inner.expr;
  return inner;
}
