import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex, makeSpan } from '../testing/telemetry.ts';
import { SeenSpans } from './seen-spans.ts';

const spanOf = (traceId: string, spanId: string) => makeSpan({ traceId, spanId });
/** Few different ones, so that they meet again; some not of the usual form. */
const id = (digits: number) =>
  fc.oneof(
    fc.nat(40).map((n) => hex(n, digits)),
    fc.nat(40).map((n) => hex(n * 2 ** 20, digits)),
    fc.constantFrom('', 'span-1', 'F'.repeat(digits), `${'0'.repeat(digits - 1)}:`, 'é'.repeat(digits)),
  );
const step = fc.record({
  what: fc.constantFrom('take', 'take', 'take', 'forget', 'rotate'),
  traceId: id(32),
  spanId: id(16),
});

test('a span is taken once until it is forgotten or rotated out', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const seen = new SeenSpans();
      let current = new Set<string>();
      let previous = new Set<string>();
      for (const { what, traceId, spanId } of steps) {
        const key = JSON.stringify([traceId, spanId]);
        if (what === 'rotate') {
          seen.rotate();
          [previous, current] = [current, new Set()];
        } else if (what === 'forget') {
          seen.forget(spanOf(traceId, spanId));
          current.delete(key);
        } else {
          expect(seen.take(spanOf(traceId, spanId))).toBe(!current.has(key) && !previous.has(key));
          if (!previous.has(key)) current.add(key);
        }
      }
    }),
  );
});

test('many spans that differ in one digit are all told apart', () => {
  const seen = new SeenSpans();
  const spans = Array.from({ length: 20_000 }, (_, i) =>
    i % 2 === 0 ? spanOf(hex(i, 32), hex(1, 16)) : spanOf(hex(1, 32), hex(i, 16)),
  );
  const fresh = spans.filter((span) => seen.take(span)).length;
  expect(fresh).toBe(spans.length);
  expect(spans.some((span) => seen.take(span))).toBe(false);
});
