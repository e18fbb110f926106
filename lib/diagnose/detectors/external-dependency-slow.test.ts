import { describe, expect, test } from 'vitest';
import {
  around,
  draftsOf,
  evidenceOf,
  repeat,
  signal,
  spanSeries,
  T0,
  traceOf,
  WINDOW,
} from '../evidence.testing.ts';
import { externalDependencySlow } from './external-dependency-slow.ts';

interface Shape {
  usual?: number;
  now?: number;
  requestMs?: number;
  observed?: boolean;
  database?: boolean;
  calls?: number;
  baseline?: boolean;
  lagSeconds?: number;
}

function evidence(shape: Shape) {
  const { usual = 20, now = 800, requestMs = now + 20, calls = 5, baseline = true } = shape;
  return evidenceOf({
    signals: shape.lagSeconds ? [signal('eventloop.lag_p99_seconds', () => shape.lagSeconds)] : [],
    spans: [
      spanSeries({ kind: 'client', operation: 'POST', peer: 'api.card.test' }, [
        ...(baseline ? [{ from: T0 - 3_600_000, to: T0 + 100_000, durations: around(usual, 5) }] : []),
        { from: T0 + (baseline ? 100_000 : 0), to: WINDOW.to, durations: around(now, calls) },
      ]),
    ],
    traces: repeat(10, (i) =>
      traceOf(120_000 + i * 10_000, (span) => {
        const entry = span({ name: 'POST /charges', kind: 'server', ms: requestMs });
        const call = span({
          name: 'POST',
          kind: 'client',
          parent: entry,
          at: 5,
          ms: now,
          attributes: [
            ['server.address', 'api.card.test'],
            ...(shape.database ? [['db.system.name', 'postgresql'] as const] : []),
          ],
        });
        if (shape.observed)
          span({ name: 'POST', kind: 'server', service: 'cards', parent: call, at: 6, ms: now - 2 });
      }),
    ),
  });
}
const detect = (shape: Shape) => draftsOf(externalDependencySlow, evidence(shape));

describe('external-dependency-slow', () => {
  test('fires, names the dependency and begins where it slowed', () => {
    const [draft] = detect({});
    expect(draft?.subject).toMatchObject({ service: 'shop', dependency: 'api.card.test' });
    expect(draft?.impact.latencyShare).toBeGreaterThan(0.9);
    expect(draft?.onset).toBeCloseTo(T0 + 100_000, -5);
    expect(draft?.severity).toBe('warning');
  });
  test.each<[string, Shape]>([
    ['usual', { now: 22 }],
    ['slower by a third', { usual: 100, now: 130 }],
    ['twice very little', { usual: 5, now: 10 }],
    ['off the critical path', { requestMs: 8000 }],
    ['an observed service', { observed: true }],
    ['a database', { database: true }],
    ['the caller’s own event loop explains it', { usual: 20, now: 150, lagSeconds: 0.12 }],
    ['no calls now', { calls: 0 }],
  ])('silent: %s', (_, shape) => {
    expect(detect(shape)).toEqual([]);
  });
  test('without a baseline it is unknown, not fine', () => {
    const results = externalDependencySlow.detect(evidence({ baseline: false }), WINDOW);
    expect(results).toMatchObject([{ kind: 'unknown' }]);
  });
});
