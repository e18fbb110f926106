import type { Tree } from '@lezer/common';
import type { Fault } from '#lib/model/fault.ts';
import { badData } from './fault.ts';
import { functionSignature, UNSUPPORTED_FUNCTIONS } from './functions.ts';

const CLOSING = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/** The first error of a tree as a message for a person, or undefined when there is none. */
export function syntaxFault(query: string, tree: Tree): Fault | undefined {
  if (/^(?:\s|#[^\n]*(?:\n|$))*$/.test(query))
    return badData(query, { from: 0, to: 0 }, 'parse error: no expression found in input');
  let from: number | undefined;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError && (from === undefined || node.from < from)) from = node.from;
    },
  });
  if (from === undefined) return undefined;
  const skipped = /^(?:\s|#[^\n]*\n)*/.exec(query.slice(from))?.[0].length ?? 0;
  return badData(query, { from, to: from }, `parse error: ${explain(query, from + skipped)}`);
}

function explain(query: string, at: number): string {
  const call = /([a-zA-Z_:][\w:]*)\s*$/.exec(query.slice(0, at))?.[1];
  if (query[at] === '(' && call !== undefined && !functionSignature(call))
    return `unknown function with name "${call}"${hint(call)}`;
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
