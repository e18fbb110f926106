import { describe, expect, test } from 'vitest';
import type { Span, Trace } from '#lib/model/span.ts';
import { criticalPath } from '#lib/query/critical-path.ts';
import { spanTree } from '#lib/query/span-tree.ts';
import { attributePairs } from '#lib/show/span-details.ts';
import { type TraceModel, waterfall } from '#lib/show/waterfall.ts';

const span = (
  spanId: string,
  parentSpanId: string,
  startUs: number,
  endUs: number,
  more: Partial<Span> = {},
): Span => ({
  traceId: 't',
  spanId,
  parentSpanId,
  name: spanId,
  kind: 'internal',
  startUs,
  durationUs: endUs - startUs,
  status: 'unset',
  statusMessage: '',
  attributes: [],
  events: [],
  links: [],
  traceState: '',
  resource: { service: 's', instance: '', attributes: [] },
  scope: { name: '', version: '' },
  warnings: [],
  ...more,
});

function lay(spans: readonly Span[]): TraceModel {
  const trace: Trace = { traceId: 't', spans: spans.toSorted((a, b) => a.startUs - b.startUs) };
  const tree = spanTree(trace);
  return waterfall({ trace, tree, criticalPath: criticalPath(trace, tree), statementOf: () => undefined });
}

const outline = (model: TraceModel) =>
  model.rows.map((row) => [row.name, row.depth, row.parent, row.descendants]);

describe('waterfall of a trace', () => {
  test('depth first, siblings by start, times from the start of the trace', () => {
    const model = lay([
      span('root', '', 1000, 2000),
      span('b', 'root', 1500, 1900),
      span('a', 'root', 1100, 1400),
      span('a1', 'a', 1200, 1300),
    ]);
    expect(outline(model)).toEqual([
      ['root', 0, -1, 3],
      ['a', 1, 0, 1],
      ['a1', 2, 1, 0],
      ['b', 1, 0, 0],
    ]);
    expect(model.rows[3]).toMatchObject({ startUs: 500, durationUs: 400, path: [[500, 900]] });
    expect(model.durationUs).toBe(1000);
    expect(model.notes).toEqual([]);
  });

  test('a parent that did not arrive and a clock that runs ahead are said', () => {
    const model = lay([
      span('root', '', 1000, 2000),
      span('early', 'root', 900, 1100),
      span('orphan', 'gone', 1200, 1300),
    ]);
    expect(outline(model)).toEqual([
      ['root', 0, -1, 1],
      ['early', 1, 0, 0],
      ['orphan', 0, -1, 0],
    ]);
    expect(model.notes.join(' ')).toMatch(/1 span of 3 names a parent.*1 span starts before/);
    expect(model.rows[1]?.details.warnings).toHaveLength(1);
    expect(model.rows[2]?.details.warnings?.[0]).toContain('gone');
    expect(model.durationUs).toBe(1100);
  });

  test('a cycle of parents stands once', () => {
    const model = lay([
      span('a', 'c', 0, 10),
      span('b', 'a', 1, 9),
      span('c', 'b', 2, 8),
      span('me', 'me', 3, 4),
    ]);
    expect(model.rows.map((row) => row.name).toSorted()).toEqual(['a', 'b', 'c', 'me']);
  });

  test('10,000 levels, and 10,000 siblings', () => {
    const deep = Array.from({ length: 10_000 }, (_, i) => span(`s${i}`, i ? `s${i - 1}` : '', i, 30_000 - i));
    expect(lay(deep).rows.at(-1)).toMatchObject({ depth: 9999, parent: 9998 });
    const wide = [
      span('root', '', 0, 10_000),
      ...Array.from({ length: 10_000 }, (_, i) => span(`s${i}`, 'root', i, i + 1)),
    ];
    expect(lay(wide).rows[0]?.descendants).toBe(10_000);
  });

  test('attributes of any shape become text', () => {
    const model = lay([
      span('a', '', 0, 1, {
        attributes: [
          ['text', 'x "y"'],
          ['number', 1.5],
          ['list', ['a', 1, null]],
          ['map', { kvlist: [['__proto__', { kvlist: [['b', true]] }]] }],
        ],
      }),
    ]);
    expect(attributePairs(model, model.rows[0]?.details.attributes ?? [])).toEqual([
      ['text', 'x "y"'],
      ['number', '1.5'],
      ['list', '["a", 1, null]'],
      ['map', '{"__proto__": {"b": true}}'],
    ]);
  });
});
