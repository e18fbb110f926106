import { describe, expect, test } from 'vitest';
import { draftsOf, evidenceOf, repeat, signal, T0, traceOf, wobble } from '../evidence.testing.ts';
import { eventLoopBlocked } from './event-loop-blocked.ts';

const sinceT0 = (usual: number, now: number) => (at: number) =>
  (at >= T0 ? now : usual) * (1 + 0.1 * wobble(at / 5000));
const lag = (value: (at: number) => number | undefined) => signal('eventloop.lag_p99_seconds', value);

const traces = repeat(20, (i) =>
  traceOf(i * 1000, (span) => {
    const isSearch = i % 2 === 0;
    // A victim now and then waits in its handler for the search to end.
    const entry = span({
      name: isSearch ? 'GET /search' : 'GET /item',
      kind: 'server',
      ms: isSearch ? 190 : i === 1 ? 300 : 25,
    });
    if (!isSearch) span({ kind: 'client', parent: entry, at: 2, ms: 20 });
  }),
);

describe('event-loop-blocked', () => {
  test('fires on sustained delay and names the operation that burns it', () => {
    const [draft] = draftsOf(eventLoopBlocked, evidenceOf({ signals: [lag(sinceT0(0.012, 0.19))], traces }));
    expect(draft?.subject.operation).toBe('GET /search');
    expect(draft?.title).toBe('shop: the event loop is blocked by GET /search');
    expect(draft?.onset).toBe(T0);
  });
  test('fires on utilisation, without traces too', () => {
    const signals = [signal('eventloop.utilization', sinceT0(0.2, 0.92))];
    expect(draftsOf(eventLoopBlocked, evidenceOf({ signals }))).toHaveLength(1);
  });
  test('a baseline is not needed', () => {
    const signals = [lag((at) => (at >= T0 ? 0.2 : undefined))];
    expect(draftsOf(eventLoopBlocked, evidenceOf({ signals, baseline: [] }))).toHaveLength(1);
  });
  test.each([
    ['just below', lag(sinceT0(0.012, 0.08))],
    ['always like this', lag(sinceT0(0.15, 0.16))],
    ['a single pause', lag((at) => (at === T0 + 100_000 ? 2 : 0.012))],
    ['too few samples', signal('eventloop.lag_p99_seconds', sinceT0(0.01, 0.3), {}, 160_000)],
    ['no data', lag(() => undefined)],
  ])('silent: %s', (_, series) => {
    expect(draftsOf(eventLoopBlocked, evidenceOf({ signals: [series], traces }))).toEqual([]);
  });
});
