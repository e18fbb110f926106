import { describe, expect, test } from 'vitest';
import type { Finding } from '#lib/model/finding.ts';
import { arrivalState } from './arrival.ts';
import { testFinding } from './finding.fixture.ts';
import { impactPhrases, rankFindings } from './finding-order.ts';
import { verdictOf } from './overview.ts';
import { type ServiceRow, serviceRows } from './service-row.ts';
import { spanSeries } from './span-series.fixture.ts';

const FROM = Date.UTC(2026, 10, 20, 12);
const range = { from: FROM, to: FROM + 600_000 };

function row(over: Partial<ServiceRow> = {}): ServiceRow {
  return {
    service: 'orders',
    health: 'ok',
    source: 'spans',
    rate: 5,
    openFindings: 0,
    sparks: { rate: [], errors: [], p95: [] },
    ...over,
  };
}

describe('verdictOf', () => {
  test('names the first grave finding', () => {
    const verdict = verdictOf(
      [testFinding({ title: 'orders waits for locks' }), testFinding({ id: 'b' })],
      [row()],
    );
    expect(verdict).toEqual({
      state: 'bottleneck',
      headline: 'orders waits for locks',
      reasons: ['1 more finding below'],
    });
  });

  test('a mere note is no bottleneck', () => {
    expect(verdictOf([testFinding({ severity: 'info' })], [row()]).state).toBe('healthy');
  });

  test('trouble without a named cause is still said', () => {
    const verdict = verdictOf([], [row({ health: 'down' }), row({ service: 'web' })]);
    expect(verdict.state).toBe('bottleneck');
    expect(verdict.headline).toBe('orders: failing, cause not found yet');
  });

  test.each([
    ['nothing at all', []],
    ['metrics alone', [row({ source: 'none', health: 'unknown' })]],
  ])('%s is not enough to call it healthy', (_, rows) => {
    expect(verdictOf([], rows).state).toBe('insufficient-data');
  });

  test('silence is not health', () => {
    expect(verdictOf([], [row()], { silentMs: 240_000 })).toMatchObject({
      state: 'insufficient-data',
      headline: 'Data stopped coming in 4m ago',
    });
    expect(verdictOf([], [row()], { silentMs: 60_000 }).state).toBe('healthy');
  });

  test('healthy says what was resolved', () => {
    expect(verdictOf([], [row()], { resolved: 2 }).reasons).toContain('2 findings resolved in this range.');
  });
});

test('findings: open causes first, then severity, sureness, recency', () => {
  const findings: Finding[] = [
    testFinding({ id: 'resolved', state: 'resolved', severity: 'critical' }),
    testFinding({ id: 'caused', severity: 'critical', causedBy: 'sure' }),
    testFinding({ id: 'unsure', severity: 'warning', confidence: 0.4 }),
    testFinding({ id: 'sure', severity: 'warning', confidence: 0.9 }),
    testFinding({ id: 'critical', severity: 'critical', confidence: 0.3 }),
  ];
  expect(rankFindings(findings).map((finding) => finding.id)).toEqual([
    'critical',
    'sure',
    'unsure',
    'caused',
    'resolved',
  ]);
});

test('impact is told in phrases', () => {
  expect(
    impactPhrases({ latencyShare: 0.62, errorsShare: 0.05, requestsAffected: 12_000, savedMs: 120 }),
  ).toEqual([
    '62 % of request time',
    '5 % of requests fail',
    '12 k requests affected',
    'fixing it saves 120 ms per request',
  ]);
  expect(impactPhrases({})).toEqual([]);
});

test('services: the worst first, each with its small lines', () => {
  const spans = [
    spanSeries({ service: 'web', buckets: [{ at: FROM, durations: [10, 20], times: 50 }] }),
    spanSeries({ service: 'web', kind: 'client', buckets: [{ at: FROM, durations: [900], times: 50 }] }),
  ];
  const rows = serviceRows(
    [row(), row({ service: 'web', rate: 9 }), row({ service: 'db', health: 'down' })],
    spans,
    range,
  );
  expect(rows.map((r) => r.service)).toEqual(['db', 'web', 'orders']);
  expect(rows[1]?.sparks.p95[0]).toBeCloseTo(20, 0);
  expect(rows[2]?.sparks.p95).toEqual([]);
});

test.each([
  [undefined, 0, 'missing'],
  [1_000, 5, 'flowing'],
  [600_000, 5, 'quiet'],
] as const)('a signal last seen %s ms ago (%s items) is %s', (back, count, state) => {
  const now = 1e12;
  const last = back === undefined ? undefined : now - back;
  expect(arrivalState({ signal: 'spans', count, last }, now)).toBe(state);
});
