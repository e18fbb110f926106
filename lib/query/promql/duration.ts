import type { SyntaxNode } from '@lezer/common';
import type { Duration } from './ast.ts';
import { badData } from './fault.ts';
import { parseNumber } from './literal.ts';
import { children, childrenNamed, positionOf } from './tree.ts';

/** Milliseconds that `step()` and `range()` stand for inside a duration. */
export interface DurationContext {
  readonly stepMs: number;
  readonly rangeMs: number;
}

const MAX_SECONDS = 9_223_372_036;

/** `[5m]`, `[300]`, `[5m * 2]`: must be positive. */
export function rangeDuration(query: string, node: SyntaxNode, context: DurationContext): Duration {
  const duration = offsetDuration(query, node, context);
  if (duration.ms <= 0)
    throw badData(query, positionOf(node), 'parse error: duration must be greater than 0');
  return duration;
}

/** As `rangeDuration`, of either sign. */
export function offsetDuration(query: string, node: SyntaxNode, context: DurationContext): Duration {
  const seconds = evaluate(query, node, context);
  if (Number.isNaN(seconds) || Math.abs(seconds) > MAX_SECONDS)
    throw badData(query, positionOf(node), 'parse error: duration out of range');
  return { ms: Math.round(seconds * 1000), text: query.slice(node.from, node.to) };
}

function evaluate(query: string, node: SyntaxNode, context: DurationContext): number {
  const text = query.slice(node.from, node.to);
  if (node.name === 'NumberDurationLiteralInDurationContext') {
    const value = parseNumber(text);
    if (value === undefined) throw badData(query, positionOf(node), `parse error: bad duration '${text}'`);
    return value;
  }
  const parts = children(node);
  const operands = parts.filter((part) =>
    /^(?:DurationExpr|OffsetDurationExpr|NumberDurationLiteralInDurationContext)$/.test(part.name),
  );
  const value = (index: number): number => {
    const operand = operands[index];
    if (!operand) throw badData(query, positionOf(node), `parse error: bad duration '${text}'`);
    return evaluate(query, operand, context);
  };
  if (childrenNamed(node, 'DurationStep').length) return context.stepMs / 1000;
  if (childrenNamed(node, 'DurationRange').length) return context.rangeMs / 1000;
  if (childrenNamed(node, 'DurationMinOf').length) return Math.min(value(0), value(1));
  if (childrenNamed(node, 'DurationMaxOf').length) return Math.max(value(0), value(1));
  const operator = parts.find((part) => !operands.includes(part));
  switch (operator?.name) {
    case 'UnaryOp':
      return text.startsWith('-') ? -value(0) : value(0);
    case 'Add':
      return value(0) + value(1);
    case 'Sub':
      return value(0) - value(1);
    case 'Mul':
      return value(0) * value(1);
    case 'Pow':
      return value(0) ** value(1);
    case 'Div':
    case 'Mod':
      if (value(1) === 0)
        throw badData(query, positionOf(node), 'parse error: division by zero in a duration');
      return operator.name === 'Div' ? value(0) / value(1) : value(0) % value(1);
    default:
      return value(0);
  }
}
