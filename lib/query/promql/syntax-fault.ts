import type { Fault } from '#lib/model/fault.ts';
import { badData } from './fault.ts';
import { functionSignature, UNSUPPORTED_FUNCTIONS } from './functions.ts';

const CLOSING = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/** Why the query stops being PromQL at `from`, as a message for a person. */
export function syntaxFault(query: string, from: number): Fault {
  const at = from + (/^(?:\s|#[^\n]*\n)*/.exec(query.slice(from))?.[0].length ?? 0);
  const call = /([a-zA-Z_:][\w:]*)\s*$/.exec(query.slice(0, at));
  const name = call?.[1];
  if (query[at] === '(' && call && name !== undefined && !functionSignature(name))
    return badData(
      query,
      { from: call.index, to: at },
      `parse error: unknown function with name "${name}"${hint(name)}`,
    );
  return badData(query, { from: at, to: at }, `parse error: ${explain(query, at)}`);
}

function explain(query: string, at: number): string {
  if (at < query.length) {
    const token =
      /^(?:[\w:]+|"[^"]*"?|'[^']*'?|[<>=!]=|=~|!~|[\s\S])/u.exec(query.slice(at))?.[0] ??
      query.slice(at, at + 1);
    return `unexpected ${JSON.stringify(token)}`;
  }
  const open = firstOpen(query);
  return open
    ? `unexpected end of input: "${open}" is never closed; add "${CLOSING.get(open)}"`
    : 'unexpected end of input';
}

function hint(name: string): string {
  if (name === 'holt_winters') return '; it is called double_exponential_smoothing now';
  const lower = name.toLowerCase();
  if (functionSignature(lower)) return `; function names are lower case: ${lower}`;
  const why = UNSUPPORTED_FUNCTIONS.get(name);
  return why === undefined ? '' : `; ${why}`;
}

/** The innermost bracket that is still open at the end, outside strings and comments. */
function firstOpen(query: string): string | undefined {
  const open: string[] = [];
  for (const [token] of query.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|#[^\n]*|[()[\]{}]/g)) {
    if (CLOSING.has(token)) open.push(token);
    else if (token === ')' || token === ']' || token === '}') open.pop();
  }
  return open.at(-1);
}
