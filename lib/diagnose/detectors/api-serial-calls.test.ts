import { describe, expect, test } from 'vitest';
import { draftsOf, evidenceOf, repeat, traceOf } from '../evidence.testing.ts';
import { apiSerialCalls } from './api-serial-calls.ts';

interface Call {
  peer: string;
  at: number;
  ms: number;
  method?: string;
}
const detect = (calls: readonly Call[], requestMs = 600) =>
  draftsOf(
    apiSerialCalls,
    evidenceOf({
      traces: repeat(4, (r) =>
        traceOf(r * 5000, (span) => {
          const entry = span({ name: 'GET /home', kind: 'server', ms: requestMs });
          for (const c of calls)
            span({
              kind: 'client',
              parent: entry,
              at: c.at,
              ms: c.ms,
              attributes: [
                ['http.request.method', c.method ?? 'GET'],
                ['server.address', c.peer],
              ],
            });
        }),
      ),
    }),
  );
const a = { peer: 'users', at: 0, ms: 200 };
const b = { peer: 'prices', at: 202, ms: 200 };

describe('api-serial-calls', () => {
  test('is advice on reads in a row', () => {
    const [draft] = detect([a, b]);
    expect(draft?.severity).toBe('info');
    expect(draft?.impact.savedMs).toBeCloseTo(200);
  });
  test.each<[string, Call[]]>([
    ['at once', [a, { ...b, at: 5 }]],
    ['a call that changes something', [a, { ...b, method: 'POST' }]],
    [
      'one slow call carries it all',
      [
        { ...a, ms: 20 },
        { ...b, at: 21, ms: 500 },
      ],
    ],
    ['the same target: a batch', [a, { ...a, at: 202 }]],
    ['one call', [a]],
  ])('silent: %s', (_, calls) => {
    expect(detect(calls)).toEqual([]);
  });
  test('a small share of the request is silent', () => {
    expect(detect([a, b], 4000)).toEqual([]);
  });
});
