import { describe, expect, test } from 'vitest';
import { around, draftsOf, evidenceOf, spanSeries, T0, traceOf, WINDOW } from '../evidence.testing.ts';
import { errorSpike } from './error-spike.ts';

const detect = (usual: number, now: number, calls = 10, from = T0) =>
  draftsOf(
    errorSpike,
    evidenceOf({
      spans: [
        spanSeries({}, [
          { from: T0 - 3_600_000, to: from, durations: around(20, 10), errors: usual },
          { from, to: WINDOW.to, durations: around(20, calls), errors: now },
        ]),
      ],
      traces: [
        traceOf(100_000, (span) => {
          const entry = span({ name: 'GET /orders', kind: 'server', ms: 20, failed: true });
          span({ kind: 'client', parent: entry, ms: 10, failed: true, message: 'connection refused' });
        }),
      ],
    }),
  );

describe('error-spike', () => {
  test('fires, with the message and trace of a failing request', () => {
    const [draft] = detect(0, 3);
    expect(draft?.severity).toBe('critical');
    expect(draft?.summary).toContain('connection refused');
    expect(draft?.onset).toBe(T0);
  });
  test('finds the onset inside the window', () => {
    expect(detect(0, 5, 10, T0 + 120_000)[0]?.onset).toBe(T0 + 120_000);
  });
  test.each([
    ['no errors', detect(0, 0)],
    ['always failing a little', detect(2, 3)],
    ['too few calls', detect(0, 1, 1, WINDOW.to - 20_000)],
    ['no data', draftsOf(errorSpike, evidenceOf({}))],
  ])('silent: %s', (_, drafts) => {
    expect(drafts).toEqual([]);
  });
});
