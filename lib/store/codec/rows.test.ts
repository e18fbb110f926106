import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelsKey, makeLabels } from '#lib/model/labels.ts';
import { METRIC_TYPES, setStale, wordsOf } from '#lib/model/metrics.ts';
import { type NativeHistogram, NO_BUCKETS } from '#lib/model/native-histogram.ts';
import { Sketch } from '#lib/model/sketch.ts';
import { type AttributeValue, SPAN_KINDS, SPAN_STATUSES, type Span } from '#lib/model/span.ts';
import { SPAN_BUCKET_MS } from '#lib/model/span-stats.ts';
import { decodeMetrics, encodeMetrics } from './metric-batch.ts';
import { decodeSpanStatistics, encodeSpanStatistics } from './span-statistics.ts';
import { decodeSpans, encodeSpans } from './spans.ts';
import { decodeStatementStatistics, encodeStatementStatistics } from './statement-statistics.ts';
import { decodeSummaries, encodeSummaries } from './trace-summary.ts';

const HISTOGRAM: NativeHistogram = {
  schema: 3,
  counterReset: 'unknown',
  count: 7,
  sum: 1.25,
  zeroThreshold: 1e-128,
  zeroCount: 1,
  positive: { spans: [{ offset: 2, length: 2 }], counts: Float64Array.of(4, 2) },
  negative: NO_BUCKETS,
  customValues: new Float64Array(0),
};

const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const { value: attributeValue } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.double(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 3 }).map((kvlist) => ({ kvlist })),
  ),
}));
const attributes = fc.array(fc.tuple(fc.oneof(text, fc.constant('__proto__')), attributeValue), {
  maxLength: 4,
});
const time = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 52 }).map((quarters) => 1.7e15 + quarters / 4),
  fc.double({ min: 0, max: 1e16, noNaN: true }),
);
const span: fc.Arbitrary<Span> = fc.record({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: fc.oneof(fc.constant(''), hex(16), text),
  name: text,
  kind: fc.constantFrom(...SPAN_KINDS),
  startUs: time,
  durationUs: fc.oneof(
    fc.nat().map((ns) => ns / 1000),
    fc.double({ min: 0, max: 1e15, noNaN: true }),
  ),
  status: fc.constantFrom(...SPAN_STATUSES),
  statusMessage: text,
  attributes,
  events: fc.array(fc.record({ atUs: time, name: text, attributes }), { maxLength: 3 }),
  links: fc.array(fc.record({ traceId: hex(32), spanId: hex(16), attributes }), { maxLength: 2 }),
  traceState: text,
  resource: fc.record({ service: text, instance: text, attributes }),
  scope: fc.record({ name: text, version: text }),
  warnings: fc.array(text, { maxLength: 2 }),
});
const sketch = fc
  .array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((values) => {
    const made = new Sketch();
    for (const value of values) made.add(value);
    return made;
  });

/** Any change to the bytes must end in an error or another result, not in a hang or a flood of memory. */
function survives(
  encoded: Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
  where: number,
  byte: number,
): void {
  const damaged = encoded.slice();
  damaged[where % damaged.length] = byte;
  for (const bytes of [damaged, encoded.slice(0, where % encoded.length)]) {
    try {
      decode(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
  }
}

describe('rows of the log and of the resting tables', () => {
  test('spans come back as they were', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 6 }), fc.nat(), fc.nat(255), (given, where, byte) => {
        // Spans of one batch share their resource.
        const first = given[0];
        const spans = given.map((s, i) => (i % 2 && first ? { ...s, resource: first.resource } : s));
        const encoded = encodeSpans(spans);
        expect(decodeSpans(encoded)).toEqual(spans);
        survives(encoded, decodeSpans, where, byte);
      }),
    );
  });

  test('spans that shared a resource share it again', () => {
    const [made] = fc.sample(span, { numRuns: 1, seed: 1 });
    if (made === undefined) throw new Error('no sample');
    const [a, b] = decodeSpans(encodeSpans([made, { ...made, spanId: '00000000000000ff' }]));
    expect(a?.resource).toBe(b?.resource);
  });

  test('metric batches come back as they were, NaN payloads and all', () => {
    const definition = fc
      .tuple(fc.maxSafeInteger().map(Math.abs), fc.array(fc.tuple(text, text), { maxLength: 4 }))
      .map(([id, pairs]) => ({ id, labels: makeLabels(pairs) }))
      .map(({ id, labels }) => ({ id, labels, key: labelsKey(labels) }));
    const metadata = fc.record({
      name: text,
      type: fc.constantFrom(...METRIC_TYPES),
      help: text,
      unit: text,
    });
    const samples = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 45 }), fc.double()), { maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(definition, { maxLength: 3 }),
        fc.array(metadata, { maxLength: 2 }),
        fc.array(fc.tuple(fc.nat({ max: 2 ** 50 }), samples), { maxLength: 5 }),
        fc.nat(),
        fc.nat(255),
        (defined, known, rows, where, byte) => {
          const offsets = new Uint32Array(rows.length + 1);
          rows.forEach(([, list], i) => {
            offsets[i + 1] = (offsets[i] ?? 0) + list.length;
          });
          const all = rows.flatMap(([, list]) => list);
          const values = Float64Array.from(all, ([, v]) => v);
          if (values.length > 0) setStale(wordsOf(values), 0);
          const batch = {
            ids: Float64Array.from(rows, ([id]) => id),
            offsets,
            timestamps: Float64Array.from(all, ([at]) => at),
            values,
            defined,
            metadata: known,
            histograms: rows.map((_, series) => ({ series, timestamp: where, histogram: HISTOGRAM })),
            exemplars: known.map((m) => ({
              series: 0,
              exemplar: { timestamp: byte / 4, value: where, labels: [['trace_id', m.help] as const] },
            })),
          };
          const encoded = encodeMetrics(batch);
          const back = decodeMetrics(encoded);
          expect({ ...back, values: undefined }).toEqual({ ...batch, values: undefined });
          expect([...wordsOf(back.values)]).toEqual([...wordsOf(values)]);
          survives(encoded, decodeMetrics, where, byte);
        },
      ),
    );
  });

  test('span statistics come back as they were', () => {
    const bucket = fc.record({
      at: fc.nat().map((n) => n * SPAN_BUCKET_MS),
      calls: fc.nat(),
      errors: fc.nat(),
      durations: sketch,
    });
    const series = fc.record({
      service: text,
      operation: text,
      kind: fc.constantFrom(...SPAN_KINDS),
      peer: text,
      buckets: fc.array(bucket, { maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(series, { maxLength: 4 }), fc.nat(), fc.nat(255), (given, where, byte) => {
        const encoded = encodeSpanStatistics(given);
        expect(decodeSpanStatistics(encoded)).toEqual(given);
        survives(encoded, decodeSpanStatistics, where, byte);
      }),
    );
  });

  test('statement statistics come back as they were', () => {
    const number = fc.double({ min: 0, max: 1e12, noNaN: true });
    const bucket = fc.record({
      at: fc.nat().map((n) => n * 60_000),
      durations: sketch,
      rowsSent: number,
      rowsExamined: fc.nat(),
      lockMs: number,
      tempBytes: fc.nat(),
      callsWithRows: fc.nat(),
    });
    const digest = fc.record({
      fingerprint: fc.constant('f'),
      text: fc.constant('SELECT ?'),
      system: fc.constantFrom('postgresql' as const, 'mysql' as const),
      service: text,
      instance: text,
      database: text,
      buckets: fc.array(bucket, { maxLength: 4 }),
      examples: fc.array(fc.record({ at: fc.nat(), durationMs: fc.nat(), text }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(digest, { maxLength: 3 }), fc.nat(), fc.nat(255), (given, where, byte) => {
        const encoded = encodeStatementStatistics(given);
        expect(decodeStatementStatistics('f', 'SELECT ?', encoded)).toEqual(given);
        survives(encoded, (bytes) => decodeStatementStatistics('f', '', bytes), where, byte);
      }),
    );
  });

  test('trace summaries come back as they were', () => {
    const group = fc
      .tuple(text, text, fc.boolean(), fc.nat(), fc.nat())
      .map(([service, operation, failed, least, more]) => ({
        service,
        operation,
        failed,
        minDurationUs: least,
        maxDurationUs: least + more,
      }));
    const summary = fc
      .tuple(hex(32), fc.integer({ min: 0, max: 2 ** 51 }), fc.nat(), fc.array(group, { maxLength: 3 }))
      .map(([traceId, startUs, duration, groups]) => ({
        traceId,
        startUs,
        endUs: startUs + duration,
        groups,
      }));
    fc.assert(
      fc.property(fc.array(summary, { maxLength: 5 }), fc.nat(), fc.nat(255), (given, where, byte) => {
        const encoded = encodeSummaries(given);
        expect(decodeSummaries(encoded)).toEqual(given);
        survives(encoded, decodeSummaries, where, byte);
      }),
    );
  });
});
