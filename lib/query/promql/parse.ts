import type { Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Expr } from './ast.ts';
import { Builder } from './build.ts';
import { check } from './check.ts';
import type { DurationContext } from './duration.ts';
import { badData } from './fault.ts';
import { syntaxFault } from './syntax-fault.ts';
import { children, isExpr } from './tree.ts';

/** What `step()` and `range()` in a duration stand for when a query is only looked at, not evaluated. */
const NO_CONTEXT: DurationContext = { stepMs: 60_000, rangeMs: 0 };
const NOTHING = 'parse error: no expression found in input';
/** Stops at the first error: recovery, made for editors, takes seconds over hostile text. */
const STRICT = parser.configure({ strict: true });
const MAX_QUERY_LENGTH = 100_000;

/**
 * Parses and type-checks a query. Throws a `bad_data` Fault whose message starts with line:column.
 * @param context the evaluation's step and range, which duration expressions may name
 */
export function parse(query: string, context: DurationContext = NO_CONTEXT): Expr {
  if (query.length > MAX_QUERY_LENGTH)
    throw badData('', { from: 0, to: 0 }, `the query is longer than ${MAX_QUERY_LENGTH} characters`);
  const source = withoutTrailingDots(query);
  const root = children(treeOf(query, source).topNode).find(isExpr);
  if (!root) throw badData(query, { from: 0, to: 0 }, NOTHING);
  const expr = new Builder(query, source, context).expr(root, 0);
  check(query, expr);
  return expr;
}

function treeOf(query: string, source: string): Tree {
  if (/^(?:\s|#[^\n]*(?:\n|$))*$/.test(query)) throw badData(query, { from: 0, to: 0 }, NOTHING);
  try {
    return STRICT.parse(source);
  } catch (error) {
    const at = error instanceof SyntaxError ? /^No parse at (\d+)$/.exec(error.message) : null;
    throw at ? syntaxFault(query, Number(at[1])) : error;
  }
}

/** The grammar does not know Go's `2.` as a number: the dot becomes a zero in front, which keeps every position. */
function withoutTrailingDots(query: string): string {
  return query.replace(
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`|#[^\n]*|[a-zA-Z_:][\w:]*|(?<![\d.])(\d[\d_]*)\.(?![\d.])/g,
    (match, digits: string | undefined) => (digits === undefined ? match : ` ${digits}`),
  );
}
