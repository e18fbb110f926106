import type { Span, Trace } from '#lib/model/span.ts';
import { endUs, type SpanTree, spanTree } from './span-tree.ts';

/** A stretch of time in which the request could not have gone on without this span. */
export interface PathSection {
  readonly spanId: string;
  /** absolute, microseconds since the epoch */
  readonly startUs: number;
  readonly endUs: number;
}

interface Piece {
  readonly span: Span;
  readonly start: number;
  readonly end: number;
}

/** Children as their parent waits for them: cut to its time, without those outside it; a consumer never blocks its producer. */
function blockingChildren(tree: SpanTree, parent: Piece): Piece[] {
  const pieces: Piece[] = [];
  for (const span of tree.childrenOf(parent.span)) {
    if (span.kind === 'consumer') continue;
    const start = Math.max(span.startUs, parent.start);
    const end = Math.min(endUs(span), parent.end);
    if (span.startUs < parent.end && endUs(span) > parent.start && end >= start)
      pieces.push({ span, start, end });
  }
  return pieces;
}

/**
 * The critical path, latest section first: from the end of the root back, always into the child that finished last,
 * then on from that child's start. Children that overlap a later one are not on it (they ran beside it). Iterative,
 * so a trace of any depth is fine; a child that starts the moment another ends follows it.
 * Method: Jaeger's critical path, after CRISP (Zhang et al., USENIX ATC 2022).
 */
export function criticalPath(trace: Trace, tree: SpanTree = spanTree(trace)): PathSection[] {
  const root = tree.roots[0];
  return root ? criticalPathOf(tree, root) : [];
}

/** Critical path of the part of a trace below one span. */
export function criticalPathOf(tree: SpanTree, root: Span): PathSection[] {
  const sections: PathSection[] = [];
  const stack: (Piece | PathSection)[] = [{ span: root, start: root.startUs, end: endUs(root) }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if ('spanId' in next) {
      if (next.endUs > next.startUs) sections.push(next);
      continue;
    }
    const { span, start, end } = next;
    const plan: (Piece | PathSection)[] = [];
    let cursor = end;
    const children = blockingChildren(tree, next).sort((a, b) => b.end - a.end || a.start - b.start);
    for (const child of children) {
      if (child.end > cursor) continue;
      plan.push({ spanId: span.spanId, startUs: child.end, endUs: cursor }, child);
      cursor = child.start;
    }
    plan.push({ spanId: span.spanId, startUs: start, endUs: cursor });
    for (let i = plan.length - 1; i >= 0; i--) {
      const piece = plan[i];
      if (piece) stack.push(piece);
    }
  }
  return sections;
}

/** Time covered by at least one of the intervals. */
export function unionLength(intervals: readonly (readonly [start: number, end: number])[]): number {
  let total = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const [start, end] of [...intervals].sort((a, b) => a[0] - b[0])) {
    if (end <= reached) continue;
    total += end - Math.max(start, reached);
    reached = end;
  }
  return total;
}

/** Microseconds of a span in which none of its children ran. */
export function selfTimeUs(tree: SpanTree, span: Span): number {
  const whole = { span, start: span.startUs, end: endUs(span) };
  const busy = blockingChildren(tree, whole).map((c) => [c.start, c.end] as const);
  return span.durationUs - unionLength(busy);
}
