import type { Span, Trace } from '#lib/model/span.ts';

/** Parent and child links of one trace. Every span hangs below exactly one root, whatever the links say. */
export interface SpanTree {
  /** Spans without a parent in the trace, true roots before orphans, then by start. */
  readonly roots: readonly Span[];
  readonly byId: ReadonlyMap<string, Span>;
  childrenOf(span: Span): readonly Span[];
  parentOf(span: Span): Span | undefined;
}

export const endUs = (span: Span): number => span.startUs + span.durationUs;

/** Spans on a cycle of parents have no root of their own: the earliest of them is made one. */
function rootsOfCycles(
  spans: readonly Span[],
  roots: readonly Span[],
  children: Map<string, Span[]>,
): Span[] {
  const seen = new Set<string>();
  const reach = (from: Span) => {
    const stack = [from];
    for (let span = stack.pop(); span; span = stack.pop()) {
      if (seen.has(span.spanId)) continue;
      seen.add(span.spanId);
      stack.push(...(children.get(span.spanId) ?? []));
    }
  };
  roots.forEach(reach);
  if (seen.size === spans.length) return [];
  const extra: Span[] = [];
  for (const span of spans) {
    if (seen.has(span.spanId)) continue;
    extra.push(span);
    const siblings = children.get(span.parentSpanId);
    if (siblings)
      children.set(
        span.parentSpanId,
        siblings.filter((s) => s !== span),
      );
    reach(span);
  }
  return extra;
}

export function spanTree(trace: Trace): SpanTree {
  const byId = new Map<string, Span>();
  for (const span of trace.spans) if (!byId.has(span.spanId)) byId.set(span.spanId, span);
  const spans = [...byId.values()];
  const children = new Map<string, Span[]>();
  const roots: Span[] = [];
  for (const span of spans) {
    if (span.parentSpanId === span.spanId || !byId.has(span.parentSpanId)) {
      roots.push(span);
      continue;
    }
    const siblings = children.get(span.parentSpanId);
    if (siblings) siblings.push(span);
    else children.set(span.parentSpanId, [span]);
  }
  const cut = new Set(rootsOfCycles(spans, roots, children));
  const orphan = (span: Span) => Number(span.parentSpanId !== '');
  const all = [...roots, ...cut].sort((a, b) => orphan(a) - orphan(b) || a.startUs - b.startUs);
  const isRoot = new Set(all);
  return {
    roots: all,
    byId,
    childrenOf: (span) => children.get(span.spanId) ?? [],
    parentOf: (span) => (isRoot.has(span) ? undefined : byId.get(span.parentSpanId)),
  };
}
