import type { Span, Trace } from '#lib/model/span.ts';
import { type NormalisedSql, normaliseStatement } from '#lib/model/sql/normalise.ts';
import { databaseOf, statementOf } from '#lib/query/span-role.ts';
import { endUs, type SpanTree } from '#lib/query/span-tree.ts';

export interface DatabaseCall {
  readonly span: Span;
  readonly statement: NormalisedSql;
  /** The span whose loop or handler sent it: wrappers that an ORM puts around each single query are passed over. */
  readonly caller: Span;
}

/** What one service did for one request: its entry span and the spans below it that are still its own. */
export interface RequestView {
  readonly trace: Trace;
  readonly tree: SpanTree;
  readonly entry: Span;
  readonly service: string;
  readonly operation: string;
  /** ms since the epoch */
  readonly endMs: number;
  /** by start */
  readonly spans: readonly Span[];
  /** by start; caches, connects and pings left out */
  readonly databaseCalls: readonly DatabaseCall[];
}

const isEntry = (tree: SpanTree, span: Span): boolean => {
  const parent = tree.parentOf(span);
  return (
    parent === undefined ||
    span.kind === 'server' ||
    span.kind === 'consumer' ||
    parent.resource.service !== span.resource.service
  );
};

const MEMO_LIMIT = 5000;
const memo = new Map<string, NormalisedSql>();

/** The same text comes again and again: normalising it once is most of the cost saved. */
function normalised(text: string, system: string): NormalisedSql {
  const dialect = system === 'mysql' || system === 'mariadb' ? 'mysql' : 'postgresql';
  const key = `${dialect}\u0000${text}`;
  const known = memo.get(key);
  if (known) return known;
  if (memo.size >= MEMO_LIMIT) memo.clear();
  const made = normaliseStatement(text, dialect);
  memo.set(key, made);
  return made;
}

function callerOf(tree: SpanTree, span: Span, entry: Span): Span {
  let caller = tree.parentOf(span) ?? entry;
  while (caller !== entry && caller.kind !== 'server' && tree.childrenOf(caller).length === 1)
    caller = tree.parentOf(caller) ?? entry;
  return caller;
}

export function requestsOf(trace: Trace, tree: SpanTree): RequestView[] {
  const requests: RequestView[] = [];
  for (const entry of tree.byId.values()) {
    if (!isEntry(tree, entry)) continue;
    const spans: Span[] = [];
    const stack = [entry];
    for (let span = stack.pop(); span; span = stack.pop()) {
      spans.push(span);
      for (const child of tree.childrenOf(span)) if (!isEntry(tree, child)) stack.push(child);
    }
    spans.sort((a, b) => a.startUs - b.startUs);
    const databaseCalls = spans.flatMap((span) => {
      const text = statementOf(span);
      if (text === '') return [];
      const statement = normalised(text, databaseOf(span));
      return statement.text === '' ? [] : [{ span, statement, caller: callerOf(tree, span, entry) }];
    });
    requests.push({
      trace,
      tree,
      entry,
      service: entry.resource.service,
      operation: entry.name,
      endMs: endUs(entry) / 1000,
      spans,
      databaseCalls,
    });
  }
  return requests;
}
