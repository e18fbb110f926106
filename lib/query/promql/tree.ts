import type { SyntaxNode } from '@lezer/common';
import type { Position } from './ast.ts';

const EXPRESSIONS = new Set([
  'AggregateExpr',
  'AnchoredExpr',
  'BinaryExpr',
  'FunctionCall',
  'MatrixSelector',
  'NumberDurationLiteral',
  'OffsetExpr',
  'ParenExpr',
  'SmoothedExpr',
  'StepInvariantExpr',
  'StringLiteral',
  'SubqueryExpr',
  'UnaryExpr',
  'VectorSelector',
]);

export function isExpr(node: SyntaxNode): boolean {
  return EXPRESSIONS.has(node.name);
}

export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'LineComment') found.push(child);
  return found;
}

export function childrenNamed(node: SyntaxNode, name: string): SyntaxNode[] {
  return children(node).filter((child) => child.name === name);
}

export function positionOf(node: SyntaxNode): Position {
  return { from: node.from, to: node.to };
}
