import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Span, SpanKind, Trace } from '#lib/model/span.ts';
import { criticalPath, selfTimeUs, unionLength } from './critical-path.ts';
import { spanTree } from './span-tree.ts';

const KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const RESOURCE = { service: 's', instance: '', attributes: [] };

function span(
  spanId: string,
  parentSpanId: string,
  startUs: number,
  endUs: number,
  kind: SpanKind = 'internal',
): Span {
  return {
    traceId: 't',
    spanId,
    parentSpanId,
    name: spanId,
    kind,
    startUs,
    durationUs: endUs - startUs,
    status: 'unset',
    statusMessage: '',
    attributes: [],
    events: [],
    links: [],
    traceState: '',
    resource: RESOURCE,
    scope: { name: '', version: '' },
    warnings: [],
  };
}
const trace = (...spans: Span[]): Trace => ({ traceId: 't', spans });
const compact = (t: Trace) => criticalPath(t).map((s) => `${s.spanId} ${s.startUs}-${s.endUs}`);

describe('criticalPath', () => {
  test.each([
    ['one span', [span('a', '', 0, 10)], ['a 0-10']],
    ['no span', [], []],
    [
      'back to back children',
      [span('a', '', 0, 30), span('b', 'a', 0, 10), span('c', 'a', 10, 30)],
      ['c 10-30', 'b 0-10'],
    ],
    [
      'parallel children',
      [span('a', '', 0, 30), span('b', 'a', 2, 28), span('c', 'a', 3, 20)],
      ['a 28-30', 'b 2-28', 'a 0-2'],
    ],
    ['child outlives its parent', [span('a', '', 0, 30), span('b', 'a', 20, 90)], ['b 20-30', 'a 0-20']],
    ['child after its parent', [span('a', '', 0, 30), span('b', 'a', 40, 90)], ['a 0-30']],
    ['a consumer does not block', [span('a', '', 0, 30), span('b', 'a', 5, 25, 'consumer')], ['a 0-30']],
    ['a parent cycle', [span('a', 'b', 0, 30), span('b', 'a', 5, 25)], ['a 25-30', 'b 5-25', 'a 0-5']],
    ['own parent', [span('a', 'a', 0, 30)], ['a 0-30']],
    ['an orphan beside the root', [span('o', 'gone', 0, 90), span('a', '', 10, 30)], ['a 10-30']],
  ])('%s', (_, spans, expected) => {
    expect(compact(trace(...spans))).toEqual(expected);
  });

  test('a chain of 50,000 spans does not overflow the stack', () => {
    const spans = Array.from({ length: 50_000 }, (_, i) =>
      span(`s${i}`, i === 0 ? '' : `s${i - 1}`, i, 100_000 - i),
    );
    expect(criticalPath(trace(...spans))).toHaveLength(99_999);
  });

  test('sections of any trace cover the root exactly once', () => {
    const node = fc.record({
      parent: fc.nat(20),
      start: fc.nat(1000),
      length: fc.nat(1000),
      kind: fc.constantFrom(...KINDS),
    });
    fc.assert(
      fc.property(fc.array(node, { minLength: 1, maxLength: 20 }), (nodes) => {
        const spans = nodes.map((n, i) =>
          span(`${i}`, i === 0 ? '' : `${n.parent % i}`, n.start, n.start + n.length, n.kind),
        );
        const root = spans[0];
        const covered = criticalPath(trace(...spans)).sort((a, b) => a.startUs - b.startUs);
        let at = root?.startUs ?? 0;
        for (const s of covered) {
          expect(s.startUs).toBe(at);
          at = s.endUs;
        }
        expect(at).toBe((root?.startUs ?? 0) + (root?.durationUs ?? 0));
      }),
    );
  });
});

test('unionLength counts overlap once', () => {
  expect(
    unionLength([
      [5, 10],
      [0, 6],
      [20, 21],
    ]),
  ).toBe(11);
});

test('self time leaves out the time of children', () => {
  const t = trace(span('a', '', 0, 30), span('b', 'a', 5, 15), span('c', 'a', 10, 40));
  const tree = spanTree(t);
  expect(t.spans.map((s) => selfTimeUs(tree, s))).toEqual([5, 10, 30]);
});

const CASES = path.resolve('../shared/cases/traces');
const cases = existsSync(CASES) ? readdirSync(CASES).filter((n) => n.startsWith('critical-path-')) : [];
describe.skipIf(cases.length === 0)('published critical paths (need ../shared/cases)', () => {
  test.each(cases)('%s', (name) => {
    const folder = path.join(CASES, name);
    const plain = path.join(folder, 'payload.json');
    const text = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
    const expected = JSON.parse(readFileSync(path.join(folder, 'expect.json'), 'utf8'));
    const spans: Span[] = [];
    for (const rs of JSON.parse(text.toString()).resourceSpans)
      for (const ss of rs.scopeSpans)
        for (const s of ss.spans)
          spans.push(
            span(
              s.spanId,
              s.parentSpanId ?? '',
              Number(BigInt(s.startTimeUnixNano) / 1000n),
              Number(BigInt(s.endTimeUnixNano) / 1000n),
              KINDS[s.kind ?? 0],
            ),
          );
    expect(criticalPath({ traceId: 't', spans: spans.sort((a, b) => a.startUs - b.startUs) })).toEqual(
      expected.criticalPath,
    );
  });
});
