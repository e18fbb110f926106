import { describe, expect, test } from 'vitest';
import type { Trace } from '#lib/model/span.ts';
import { database, draftsOf, evidenceOf, repeat, traceOf, WINDOW } from '../evidence.testing.ts';
import { dbNPlusOne } from './db-n-plus-one.ts';

interface Shape {
  repeats?: number;
  ms?: number;
  requestMs?: number;
  system?: string;
  source?: string | undefined;
  statement?: (i: number) => string;
  wrapped?: boolean;
  parallel?: boolean;
}

const LIST = 'select id from orders where customer_id = 7';

function request(startMs: number, shape: Shape): Trace {
  const { repeats = 20, ms = 10, requestMs = 400, system = 'postgresql', parallel = false } = shape;
  const source = 'source' in shape ? shape.source : LIST;
  const statement = shape.statement ?? ((i: number) => `select * from items where order_id = ${i}`);
  return traceOf(startMs, (span) => {
    const entry = span({ name: 'GET /orders', kind: 'server', ms: requestMs });
    if (source !== undefined)
      span({ kind: 'client', parent: entry, at: 1, ms: 3, attributes: database(source, system) });
    for (let i = 0; i < repeats; i++) {
      const at = 10 + (parallel ? 0 : i * ms);
      const parent = shape.wrapped ? span({ name: 'orm.query', parent: entry, at, ms }) : entry;
      span({ kind: 'client', parent, at, ms, attributes: database(statement(i), system) });
    }
  });
}

const detect = (shape: Shape, n = 5) =>
  draftsOf(dbNPlusOne, evidenceOf({ traces: repeat(n, (i) => request(i * 1000, shape)) }));

describe('db-n-plus-one', () => {
  test.each<[string, Shape]>([
    ['literals differ from call to call', {}],
    ['parameterised text', { statement: () => 'select * from items where order_id = $1' }],
    ['wrapped one by one by an ORM', { wrapped: true }],
    ['sent at once but still one by one', { parallel: true, repeats: 10, ms: 60 }],
    ['exactly at the limits', { repeats: 5, ms: 10 }],
  ])('fires: %s', (_, shape) => {
    expect(detect(shape)).toHaveLength(1);
  });

  test.each<[string, Shape]>([
    ['four repeats', { repeats: 4, ms: 40 }],
    ['a fast run', { repeats: 20, ms: 1 }],
    ['a small share of the request', { repeats: 5, ms: 12, requestMs: 5000 }],
    ['a cache', { system: 'redis' }],
    ['no query before the loop: a batch job', { source: undefined }],
    ['a loop of different statements', { statement: (i) => `select c${i} from t${i}` }],
    ['statements that write before the loop only', { source: 'insert into audit values (1)' }],
    ['connects without a statement', { statement: () => '' }],
  ])('silent: %s', (_, shape) => {
    expect(detect(shape)).toEqual([]);
  });

  test('one odd request proves nothing, and nothing comes of no data', () => {
    expect(detect({}, 1)).toEqual([]);
    expect(detect({}, 0)).toEqual([]);
  });

  test('a request outside the window does not count', () => {
    const traces = repeat(5, (i) => request(-600_000 + i, {}));
    expect(draftsOf(dbNPlusOne, evidenceOf({ traces }))).toEqual([]);
  });

  test('names the statement, the exact spans and the share', () => {
    const traces = repeat(5, (i) => request(i * 1000, { repeats: 20, ms: 10, requestMs: 400 }));
    const [draft] = draftsOf(dbNPlusOne, evidenceOf({ traces, window: WINDOW }));
    expect(draft?.subject).toMatchObject({ service: 'shop', operation: 'GET /orders', table: 'items' });
    expect(draft?.impact.latencyShare).toBeCloseTo(0.5);
    expect(draft?.variables.repeats).toBe('20');
    expect(draft?.title).toContain('20 times');
    const proof = draft?.evidence.find((e) => e.kind === 'trace');
    const spans = traces.find((t) => t.traceId === proof?.traceId)?.spans ?? [];
    const repeated = spans
      .filter((s) => s.attributes.some(([, v]) => String(v).includes('items')))
      .map((s) => s.spanId);
    expect(proof?.spanIds).toEqual(repeated);
    expect(proof?.link).toBe(`/traces/${proof?.traceId}?span=${repeated[0]}`);
  });
});
