import type { SyntaxNode } from '@lezer/common';
import type { BinaryOp, Matching } from './ast.ts';
import { SET_OPERATIONS } from './ast.ts';
import { badData } from './fault.ts';
import { unquote } from './literal.ts';
import { children, childrenNamed, positionOf } from './tree.ts';

/** The names in `(a, "b.c")`. */
export function labelList(query: string, node: SyntaxNode | undefined): string[] {
  if (!node) return [];
  return children(node).flatMap((label) => {
    const text = query.slice(label.from, label.to);
    if (label.name === 'LabelName') return [text];
    return label.name === 'QuotedLabelName' ? [unquote(query, text, positionOf(label)).value] : [];
  });
}

/** `on(…) group_left(…)` and their like; without a clause series match by all their labels. */
export function matchingOf(
  query: string,
  clause: SyntaxNode | undefined,
  op: BinaryOp,
  fill: Pick<Matching, 'fillLeft' | 'fillRight'>,
): { readonly matching: Matching; readonly explicitMatching: boolean } {
  const cardinality = SET_OPERATIONS.has(op) ? 'many-to-many' : 'one-to-one';
  if (!clause)
    return {
      matching: { on: false, labels: [], cardinality, include: [], ...fill },
      explicitMatching: false,
    };
  const names = new Set(children(clause).map((child) => child.name));
  const lists = childrenNamed(clause, 'GroupingLabels');
  const left = names.has('GroupLeft');
  const grouped = left || names.has('GroupRight');
  if (grouped && cardinality === 'many-to-many')
    throw badData(query, positionOf(clause), `parse error: no grouping allowed for "${op}" operation`);
  return {
    matching: {
      on: names.has('On'),
      labels: labelList(query, lists[0]),
      cardinality: grouped ? (left ? 'many-to-one' : 'one-to-many') : cardinality,
      include: labelList(query, lists[1]),
      ...fill,
    },
    explicitMatching: true,
  };
}
