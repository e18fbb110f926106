import type { Fault } from '#lib/model/fault.ts';
import type { QueryProblem } from '#lib/show/explore.ts';

const HINTS: readonly (readonly [says: RegExp, hint: string])[] = [
  [
    /invalid expression type "range vector"/,
    'Draw it with a function such as rate(…), or see its samples under Table.',
  ],
  [/invalid expression type "string"/, 'A string has no graph; see it under Table.'],
  [
    /many-to-many matching|found duplicate series/,
    'Say with on(…) or ignoring(…) and group_left which series belong together.',
  ],
  [/expected type range vector/, 'Give the selector a range, e.g. [5m].'],
  [
    /expected type instant vector/,
    'Take the range away, or turn it into one value with a function such as rate(…).',
  ],
];

/** A fault of the query itself, in words and with its place in the text. */
export function problemOf(query: string, fault: Fault): QueryProblem {
  const placed = /^(?:invalid parameter "query": )?(\d+):(\d+): ([\s\S]*)$/.exec(fault.message);
  const text = placed?.[3] ?? fault.message;
  const variable = /\$\{?\w+/.exec(query)?.[0];
  const hint = variable
    ? `“${variable}” is a variable of Grafana, which has no value here: write a duration or name instead, e.g. 5m.`
    : HINTS.find(([says]) => says.test(text))?.[1];
  return {
    message: hint ? `${text.replace(/[.\s]*$/, '')}. ${hint}` : text,
    at: placed ? offsetOf(query, Number(placed[1]), Number(placed[2])) : undefined,
  };
}

/** Line and column, both from 1 and the column in bytes of UTF-8, as an offset into the text. */
function offsetOf(query: string, line: number, column: number): number {
  const lines = query.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const rest = Buffer.from(lines[line - 1] ?? '', 'utf8').subarray(0, column - 1);
  return Math.min(query.length, before + rest.toString('utf8').length);
}
