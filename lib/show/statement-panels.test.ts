import { describe, expect, test } from 'vitest';
import type { StatementDigest } from '#lib/model/digest.ts';
import { Sketch } from '#lib/model/sketch.ts';
import { databaseTimePanel, statementPanels } from './statement-panels.ts';

const MINUTE = 60_000;
const range = { from: 0, to: 10 * MINUTE };

function digest(
  fingerprint: string,
  calls: readonly (readonly [minute: number, ms: number])[],
): StatementDigest {
  const buckets = calls.map(([minute, ms]) => {
    const durations = new Sketch();
    durations.add(ms);
    return {
      at: minute * MINUTE,
      durations,
      rowsSent: 0,
      rowsExamined: 0,
      lockMs: 0,
      tempBytes: 0,
      callsWithRows: 0,
    };
  });
  return {
    fingerprint,
    text: `SELECT ${fingerprint}`,
    system: 'postgresql',
    service: 's',
    instance: 'i',
    database: 'd',
    buckets,
    examples: [],
  };
}

describe('databaseTimePanel', () => {
  test('time per second, zero between the first and last statement, a gap outside', () => {
    const panel = databaseTimePanel([digest('a', [[2, 6000]]), digest('b', [[4, 3000]])], range);
    expect(panel.series.map((s) => [s.key, s.values])).toEqual([
      ['a', [null, null, 100, 0, 0, null, null, null, null, null]],
      ['b', [null, null, 0, 0, 50, null, null, null, null, null]],
    ]);
  });

  test('shapes beyond the fifth are one', () => {
    const many = Array.from({ length: 8 }, (_, i) => digest(`q${i}`, [[1, (8 - i) * 1000]]));
    const panel = databaseTimePanel(many, range);
    expect(panel.series.map((s) => s.name)).toEqual([
      'SELECT q0',
      'SELECT q1',
      'SELECT q2',
      'SELECT q3',
      'SELECT q4',
      '3 others',
    ]);
    expect(panel.series[5]?.values[1]).toBe(100);
  });

  test('nothing at all says why', () => {
    expect(databaseTimePanel([], range).empty?.reason).toContain('No statements');
  });
});

test('statementPanels merge the sketches of a step', () => {
  const day = { from: 0, to: 24 * 60 * MINUTE };
  const [latency, calls] = statementPanels(
    [
      digest('a', [
        [0, 10],
        [1, 30],
      ]),
    ],
    day,
  );
  expect(latency?.series.map((s) => s.values[0])).toEqual([expect.closeTo(10, 0), 30, 30]);
  expect(calls?.series[0]?.values[0]).toBeCloseTo(2 / 300, 4);
});
