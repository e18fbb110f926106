import type { PlanNode } from '#lib/model/statement.ts';
import type { RawNode } from './build.ts';
import { buildPlan } from './build.ts';

export interface ExplainedStatement {
  /** The statement as the plan quotes it, literals and all; '' when it does not. */
  readonly query: string;
  readonly plan: PlanNode | undefined;
}

const MAX_DEPTH = 100;

function fieldsOf(value: unknown): Map<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : undefined;
}

function rawNode(value: unknown, depth: number): RawNode | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined || !fields.has('Node Type') || depth > MAX_DEPTH) return undefined;
  const plans = fields.get('Plans');
  const children: RawNode[] = [];
  for (const child of Array.isArray(plans) ? plans : []) {
    const node = rawNode(child, depth + 1);
    if (node !== undefined) children.push(node);
  }
  return { fields, children };
}

const ESCAPES = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);

/** The text of "Query Text" in JSON that may be cut off somewhere; '' when it has none. */
export function queryOfCutJson(json: string): string {
  const found = /"Query Text":\s{0,8}"((?:[^"\\]|\\.)*)/s.exec(json)?.[1] ?? '';
  return found.replace(/\\u([0-9a-fA-F]{4})|\\(.)/gs, (_, code: string | undefined, char: string) =>
    code === undefined ? (ESCAPES.get(char) ?? char) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** Reads EXPLAIN (FORMAT JSON) or auto_explain's JSON: an object with "Plan", or a list with one. */
export function readJsonPlan(json: string): ExplainedStatement {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { query: queryOfCutJson(json), plan: undefined };
  }
  const top = fieldsOf(Array.isArray(value) ? value[0] : value);
  const query = top?.get('Query Text');
  const root = rawNode(top?.get('Plan'), 0);
  return {
    query: typeof query === 'string' ? query : '',
    plan: root === undefined ? undefined : buildPlan(root),
  };
}
