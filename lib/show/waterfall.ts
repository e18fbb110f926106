import type { Span, Trace } from '#lib/model/span.ts';
import {
  type AttributeIndices,
  detailsOf,
  type SpanDetails,
  type SpanStatement,
  Texts,
} from './span-details.ts';

/** One line of the waterfall. Times are µs from the start of the trace. */
export interface WaterfallRow {
  readonly depth: number;
  /** Index of the parent's row, −1 for a root. */
  readonly parent: number;
  /** Rows below this one that belong to it: they follow it directly. */
  readonly descendants: number;
  readonly service: string;
  readonly name: string;
  readonly kind: Span['kind'];
  readonly startUs: number;
  readonly durationUs: number;
  readonly error?: boolean;
  /** Stretches in which the request could not go on without this span. */
  readonly path?: readonly (readonly [startUs: number, endUs: number])[];
  readonly details: SpanDetails;
}

export interface TraceModel {
  readonly traceId: string;
  /** ms since the epoch */
  readonly at: number;
  readonly durationUs: number;
  readonly service: string;
  readonly operation: string;
  readonly errors: number;
  readonly services: readonly { readonly name: string; readonly spans: number }[];
  readonly texts: readonly string[];
  readonly resources: readonly AttributeIndices[];
  /** Depth first, siblings by start. */
  readonly rows: readonly WaterfallRow[];
  /** What is odd about the trace as a whole. */
  readonly notes: readonly string[];
}

/** The links of a trace, as `lib/query/span-tree.ts` makes them: every span below exactly one root. */
export interface TraceLinks {
  readonly roots: readonly Span[];
  childrenOf(span: Span): readonly Span[];
}

export interface WaterfallInput {
  readonly trace: Trace;
  readonly tree: TraceLinks;
  /** Absolute µs. */
  readonly criticalPath: readonly {
    readonly spanId: string;
    readonly startUs: number;
    readonly endUs: number;
  }[];
  readonly statementOf: (span: Span) => SpanStatement | undefined;
}

interface Open {
  readonly span: Span;
  readonly depth: number;
  readonly parent: number;
}

/** Clocks tell no finer: more digits would only make the answer longer. */
const toNanoseconds = (us: number): number => Math.round(us * 1000) / 1000;
const endUs = (span: Span): number => span.startUs + span.durationUs;
/** Clocks are told in microseconds; less than this is rounding. */
const SLACK_US = 1;

/** Lays a trace out, line by line. Iterative: 10,000 levels are fine. */
export function waterfall({ trace, tree, criticalPath, statementOf }: WaterfallInput): TraceModel {
  const [startUs, lastUs] = extentOf(trace.spans);
  const path = new Map<string, [number, number][]>();
  for (const section of criticalPath) {
    const list = path.get(section.spanId) ?? [];
    list.push([toNanoseconds(section.startUs - startUs), toNanoseconds(section.endUs - startUs)]);
    path.set(section.spanId, list);
  }
  const resources = new Map<Span['resource'], number>();
  const texts = new Texts();
  const rows: { -readonly [Key in keyof WaterfallRow]: WaterfallRow[Key] }[] = [];
  const spansOfRows: Span[] = [];
  const stack: Open[] = tree.roots.toReversed().map((span) => ({ span, depth: 0, parent: -1 }));
  let outside = 0;
  let orphans = 0;
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { span, depth, parent } = next;
    const warnings = [...span.warnings];
    const parentSpan = spansOfRows[parent];
    if (parent < 0 && span.parentSpanId !== '') {
      orphans++;
      warnings.push(
        `Its parent ${span.parentSpanId} is not in the trace: it was not sent, not sampled, or is late.`,
      );
    }
    if (parentSpan && span.startUs < parentSpan.startUs - SLACK_US) {
      outside++;
      warnings.push('It starts before its parent: the clocks of the two machines differ.');
    }
    let resource = resources.get(span.resource);
    if (resource === undefined) {
      resource = resources.size;
      resources.set(span.resource, resource);
    }
    const index = rows.length;
    const onPath = path.get(span.spanId);
    spansOfRows.push(span);
    rows.push({
      depth,
      parent,
      descendants: 0,
      service: span.resource.service,
      name: span.name,
      kind: span.kind,
      startUs: toNanoseconds(span.startUs - startUs),
      durationUs: toNanoseconds(span.durationUs),
      ...(span.status === 'error' ? { error: true } : {}),
      ...(onPath ? { path: onPath } : {}),
      details: detailsOf(span, { resource, startUs, warnings, statement: statementOf(span), texts }),
    });
    const children = tree.childrenOf(span).toSorted((a, b) => b.startUs - a.startUs || endUs(a) - endUs(b));
    for (const child of children) stack.push({ span: child, depth: depth + 1, parent: index });
  }
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i];
    const parent = row && rows[row.parent];
    if (row && parent) parent.descendants += row.descendants + 1;
  }
  const services = new Map<string, number>();
  for (const row of rows) services.set(row.service, (services.get(row.service) ?? 0) + 1);
  return {
    traceId: trace.traceId,
    at: startUs / 1000,
    durationUs: lastUs - startUs,
    service: rows[0]?.service ?? '',
    operation: rows[0]?.name ?? '',
    errors: rows.filter((row) => row.error).length,
    services: [...services]
      .map(([name, spans]) => ({ name, spans }))
      .toSorted((a, b) => b.spans - a.spans || (a.name < b.name ? -1 : 1)),
    resources: [...resources.keys()].map((each) => texts.attributes(each.attributes)),
    texts: texts.list,
    rows,
    notes: notesOf(orphans, outside, rows.length, tree.roots.length),
  };
}

/** Not by spreading all spans into Math.min: a long argument list overflows the stack. */
function extentOf(spans: readonly Span[]): [startUs: number, endUs: number] {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    start = Math.min(start, span.startUs);
    end = Math.max(end, endUs(span));
  }
  return spans.length === 0 ? [0, 0] : [start, end];
}

function notesOf(orphans: number, outside: number, spans: number, roots: number): string[] {
  const are = (n: number) => (n === 1 ? '1 span' : `${n} spans`);
  const notes: string[] = [];
  if (orphans > 0)
    notes.push(
      `${are(orphans)} of ${spans} name${orphans === 1 ? 's' : ''} a parent that did not arrive. Parts of the request are missing here.`,
    );
  if (outside > 0)
    notes.push(
      `${are(outside)} start${outside === 1 ? 's' : ''} before the parent: clocks differ between machines, so gaps and overlaps between services are not exact.`,
    );
  if (roots - orphans > 1) notes.push(`The trace has ${roots - orphans} roots.`);
  return notes;
}
