import { describe, expect, test } from 'vitest';
import type { Attributes, SpanKind } from '#lib/model/span.ts';
import { makeSpan } from '../testing/telemetry.ts';
import { peerOf } from './peer.ts';
import { SpanStatisticsTable } from './span-statistics.ts';

const spanOf = (kind: SpanKind, attributes: Attributes = []) =>
  makeSpan({ traceId: '1', spanId: '1', kind, attributes });

describe('peer of a span', () => {
  test.each<[SpanKind, Attributes, string]>([
    [
      'client',
      [
        ['server.address', 'db.local'],
        ['db.system', 'redis'],
        ['peer.service', 'cart'],
      ],
      'cart',
    ],
    [
      'client',
      [
        ['server.address', 'db.local'],
        ['db.system', 'redis'],
      ],
      'redis',
    ],
    [
      'client',
      [
        ['db.system.name', 'postgresql'],
        ['db.namespace', 'orders'],
      ],
      'orders',
    ],
    ['producer', [['messaging.system', 'kafka']], 'kafka'],
    ['client', [['net.peer.name', 'old.local']], 'old.local'],
    ['client', [], ''],
    ['server', [['peer.service', 'caller']], ''],
  ])('%s with %j calls %j', (kind, attributes, peer) => {
    expect(peerOf(spanOf(kind, attributes))).toBe(peer);
  });
});

describe('span statistics', () => {
  const at = Date.UTC(2026, 0, 1);
  const span = (endMs: number, durationMs: number, failed = false) =>
    makeSpan({
      traceId: '1',
      spanId: '1',
      startUs: (endMs - durationMs) * 1000,
      durationUs: durationMs * 1000,
      status: failed ? 'error' : 'unset',
    });

  test('a span counts in the bucket in which it ends', () => {
    const table = new SpanStatisticsTable();
    table.add(span(at + 9_999, 30_000));
    table.add(span(at + 10_000, 1, true));
    expect(table.list()[0]?.buckets.map((b) => [b.at - at, b.calls, b.errors, b.durations.max])).toEqual([
      [0, 1, 0, 30_000],
      [10_000, 1, 1, 1],
    ]);
  });

  test('merging adds up and leaves what it was given alone', () => {
    const one = new SpanStatisticsTable();
    one.add(span(at, 10));
    const [given] = one.list();
    const sum = new SpanStatisticsTable();
    for (const series of [...one.list(), ...one.list()]) sum.merge(series);
    sum.add(span(at + 1, 10));
    expect(sum.list()[0]?.buckets[0]).toMatchObject({ calls: 3, durations: { count: 3, sum: 30 } });
    expect(given?.buckets[0]).toMatchObject({ calls: 1, durations: { count: 1 } });
  });

  test('a bucket that overlaps the range is in it', () => {
    const table = new SpanStatisticsTable();
    for (const ms of [0, 10_000, 20_000]) table.add(span(at + ms, 1));
    const starts = (from: number, to: number) =>
      table.list({ from: at + from, to: at + to })[0]?.buckets.map((b) => b.at - at);
    expect(starts(9_999, 10_000)).toEqual([0, 10_000]);
    expect(starts(10_000, 19_999)).toEqual([10_000]);
  });
});
