import type { DigestBucket, StatementDigest } from '#lib/model/digest.ts';
import { makeLabels } from '#lib/model/labels.ts';
import { Sketch } from '#lib/model/sketch.ts';
import type { Attributes, Span, Trace } from '#lib/model/span.ts';
import { SPAN_BUCKET_MS, type SpanBucket, type SpanSeries } from '#lib/model/span-stats.ts';
import { normaliseStatement } from '#lib/model/sql/normalise.ts';
import { serviceGraph } from '#lib/query/graph.ts';
import type { SignalSeries } from '#lib/query/signals/read.ts';
import type { Role } from '#lib/query/signals/role.ts';
import { spanTree } from '#lib/query/span-tree.ts';
import type { Detector, DraftFinding } from './detector.ts';
import type { Evidence } from './evidence.ts';
import { requestsOf } from './requests.ts';

/** Builders for hand-made evidence: an hour of baseline, then a window of five minutes. */
export const T0 = 1_800_000_000_000;
export const WINDOW = { from: T0, to: T0 + 300_000 };
export const BASELINE = [{ from: T0 - 3_600_000, to: T0 }];

export function evidenceOf(parts: Partial<Evidence> & { traces?: readonly Trace[] }): Evidence {
  const traces = parts.traces ?? [];
  return {
    window: WINDOW,
    baseline: BASELINE,
    signals: [],
    spans: [],
    digests: [],
    notices: [],
    events: [],
    traces,
    requests: traces.flatMap((t) => requestsOf(t, spanTree(t))),
    graph: serviceGraph(traces),
    ...parts,
  };
}

export const draftsOf = (detector: Detector, evidence: Evidence): DraftFinding[] =>
  detector.detect(evidence, evidence.window).flatMap((r) => (r.kind === 'finding' ? [r.draft] : []));

let nextId = 1;
const newId = (length: number): string => (nextId++).toString(16).padStart(length, '0');

export interface SpanParts {
  readonly name?: string;
  readonly kind?: Span['kind'];
  readonly service?: string;
  readonly parent?: Span;
  /** ms after the trace's start */
  readonly at?: number;
  readonly ms: number;
  readonly attributes?: Attributes;
  readonly failed?: boolean;
  readonly message?: string;
}

/** Spans of one trace that starts `startMs` after T0; parts may name earlier spans as parents. */
export function traceOf(startMs: number, build: (span: (parts: SpanParts) => Span) => void): Trace {
  const traceId = newId(32);
  const spans: Span[] = [];
  build((parts) => {
    const span: Span = {
      traceId,
      spanId: newId(16),
      parentSpanId: parts.parent?.spanId ?? '',
      name: parts.name ?? 'work',
      kind: parts.kind ?? 'internal',
      startUs: (T0 + startMs + (parts.at ?? 0)) * 1000,
      durationUs: parts.ms * 1000,
      status: parts.failed ? 'error' : 'unset',
      statusMessage: parts.message ?? '',
      attributes: parts.attributes ?? [],
      events: [],
      links: [],
      traceState: '',
      resource: {
        service: parts.service ?? parts.parent?.resource.service ?? 'shop',
        instance: '',
        attributes: [],
      },
      scope: { name: '', version: '' },
      warnings: [],
    };
    spans.push(span);
    return span;
  });
  return { traceId, spans: spans.sort((a, b) => a.startUs - b.startUs) };
}

export const database = (statement: string, system = 'postgresql'): Attributes => [
  ['db.system.name', system],
  ['db.query.text', statement],
];

/** Durations in ms, one call each; `errors` of them failed. */
export function spanBucket(at: number, durations: readonly number[], errors = 0): SpanBucket {
  const sketch = new Sketch();
  for (const d of durations) sketch.add(d);
  return { at, calls: durations.length, errors, durations: sketch };
}

/** A bucket every ten seconds from `from` to `to`; `durations` gives each its calls. */
export function spanSeries(
  parts: Partial<Omit<SpanSeries, 'buckets'>>,
  spans: readonly {
    from: number;
    to: number;
    durations: (at: number) => readonly number[];
    errors?: number;
  }[],
): SpanSeries {
  const buckets: SpanBucket[] = [];
  for (const { from, to, durations, errors } of spans)
    for (let at = from; at < to; at += SPAN_BUCKET_MS) buckets.push(spanBucket(at, durations(at), errors));
  return { service: 'shop', operation: 'GET /orders', kind: 'server', peer: '', ...parts, buckets };
}

/** Deterministic wobble, −1…1. */
export const wobble = (i: number): number => Math.sin(i * 12.9898) * 0.6 + Math.sin(i * 78.233) * 0.4;

/** `n` durations around a middle, ± a fifth. */
export const around = (middle: number, n: number) => (at: number) =>
  Array.from({ length: n }, (_, i) => middle * (1 + 0.2 * wobble(at / 1000 + i * 7)));

/** Samples every `stepMs` over baseline and window. */
export function signal(
  role: Role,
  value: (at: number) => number | undefined,
  parts: Partial<SignalSeries> = {},
  stepMs = 5000,
): SignalSeries {
  const timestamps: number[] = [];
  const values: number[] = [];
  for (let at = T0 - 3_600_000; at <= WINDOW.to; at += stepMs) {
    const v = value(at);
    if (v === undefined) continue;
    timestamps.push(at);
    values.push(v);
  }
  const metric = role.replaceAll('.', '_');
  return {
    role,
    service: 'shop',
    instance: 'shop-1',
    part: '',
    metric,
    labels: makeLabels([
      ['__name__', metric],
      ['service', 'shop'],
    ]),
    timestamps: Float64Array.from(timestamps),
    values: Float64Array.from(values),
    ...parts,
  };
}

export interface DigestParts extends Partial<Omit<DigestBucket, 'at' | 'durations'>> {
  readonly at: number;
  readonly durations: readonly number[];
}

export function digest(
  statement: string,
  buckets: readonly DigestParts[],
  parts: Partial<StatementDigest> = {},
): StatementDigest {
  const { text, fingerprint } = normaliseStatement(statement, 'postgresql');
  return {
    fingerprint,
    text,
    system: 'postgresql',
    service: 'shop',
    instance: '',
    database: 'shop',
    examples: [],
    ...parts,
    buckets: buckets.map(({ durations, ...rest }) => {
      const sketch = new Sketch();
      for (const d of durations) sketch.add(d);
      return {
        rowsSent: 0,
        rowsExamined: 0,
        lockMs: 0,
        tempBytes: 0,
        callsWithRows: 0,
        ...rest,
        durations: sketch,
      };
    }),
  };
}

export const repeat = <T>(n: number, make: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => make(i));
