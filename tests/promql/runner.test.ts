import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import type { MatrixResult } from '#lib/query/promql/engine.ts';
import { Changes } from '#lib/query/runner/changes.ts';
import { QueryRunner, type RangeQuestion, type RunnerOptions } from '#lib/query/runner/runner.ts';
import { MemoryReader, type Point } from './memory-reader.ts';

const NOW = Date.UTC(2025, 5, 1);
const MINUTE = 60_000;
const STEP = 15_000;

function shop(from: number, to: number): MemoryReader {
  const points = (slope: number): Point[] => {
    const all: Point[] = [];
    for (let at = from; at <= to; at += STEP) all.push([at, (slope * (at - from)) / 1000]);
    return all;
  };
  return new MemoryReader()
    .add(
      [
        ['__name__', 'a_total'],
        ['job', 'x'],
      ],
      points(1),
    )
    .add(
      [
        ['__name__', 'a_total'],
        ['job', 'y'],
      ],
      points(3),
    )
    .add([['__name__', 'gauge']], points(2))
    .add([['__name__', 'ended']], points(1).slice(0, 30));
}

/** A runner that counts what it asks of the store. */
function runnerOver(reader: MemoryReader, options: Partial<RunnerOptions> = {}) {
  const selects: { from: number; to: number }[] = [];
  const changes = new Changes();
  const source: RunnerOptions['source'] = {
    select: (matchers, range) => {
      selects.push(range);
      return reader.select(matchers, range);
    },
  };
  const now = { ms: NOW };
  const runner = new QueryRunner({
    source,
    changes,
    maxSamples: 1_000_000,
    timeoutMs: 30_000,
    now: () => now.ms,
    ...options,
  });
  return { runner, selects, changes, now };
}

const question = (minutesBack: number, end = NOW): RangeQuestion => ({
  startMs: end - minutesBack * MINUTE,
  endMs: end,
  stepMs: MINUTE,
});

const values = ({ data }: MatrixResult): unknown =>
  data.series.map(({ labels, times, values: points }) => [labels, [...times], [...points]]);

const codeOf = async (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'answered',
    (error: unknown) => (isFault(error) ? `${error.status} ${error.code}` : error),
  );

describe('kept answers', () => {
  test.each([
    'rate(a_total[5m])',
    'sum(a_total)',
    'a_total - a_total offset 7m',
    'ended',
    'max_over_time(rate(a_total[2m])[10m:1m])',
    'topk(1, a_total)',
  ])('%s: a later range equals one that is asked anew, and reads only what is new', async (query) => {
    const reader = shop(NOW - 200 * MINUTE, NOW + 60 * MINUTE);
    const { runner, selects, now } = runnerOver(reader);
    await runner.range(query, question(120));
    now.ms += 5 * MINUTE;
    selects.length = 0;
    const later = question(120, now.ms);
    const reused = await runner.range(query, later);
    expect(values(reused)).toEqual(values(await runnerOver(reader).runner.range(query, later)));
    for (const { from } of selects) expect(from).toBeGreaterThan(NOW - 40 * MINUTE);
    expect(selects.length).toBeGreaterThan(0);
  });

  test('an earlier start reads the part in front', async () => {
    const reader = shop(NOW - 200 * MINUTE, NOW);
    const { runner } = runnerOver(reader);
    await runner.range('a_total', question(60));
    const wider = question(120);
    expect(values(await runner.range('a_total', wider))).toEqual(
      values(await runnerOver(reader).runner.range('a_total', wider)),
    );
  });

  test('a range that is wholly settled and known asks nothing of the store', async () => {
    const { runner, selects } = runnerOver(shop(NOW - 200 * MINUTE, NOW));
    const past = question(60, NOW - 60 * MINUTE);
    await runner.range('a_total', past);
    await runner.range(' a_total ', past);
    expect(selects).toHaveLength(1);
    await runner.range('a_total', { ...past, noCache: true });
    await runner.range('a_total', { ...past, lookbackMs: 1000 });
    await runner.range('a_total @ end()', past);
    await runner.range('a_total @ end()', past);
    expect(selects).toHaveLength(5);
  });

  test('a late sample is seen', async () => {
    const reader = shop(NOW - 200 * MINUTE, NOW);
    const { runner, changes } = runnerOver(reader);
    const past = question(60, NOW - 60 * MINUTE);
    const before = await runner.range('count(a_total)', past);
    reader.add(
      [
        ['__name__', 'a_total'],
        ['job', 'late'],
      ],
      [[NOW - 90 * MINUTE, 1]],
    );
    changes.note(NOW - 90 * MINUTE);
    const after = await runner.range('count(a_total)', past);
    expect(values(after)).not.toEqual(values(before));
    expect(Math.max(...(after.data.series[0]?.values ?? []))).toBe(3);
  });

  test('what a query warned about is warned about again', async () => {
    const { runner, selects } = runnerOver(shop(NOW - 200 * MINUTE, NOW));
    const past = question(60, NOW - 60 * MINUTE);
    for (const _ of [1, 2]) {
      const { warnings } = await runner.range('quantile(7, a_total)', past);
      expect(warnings).toHaveLength(1);
    }
    expect(selects).toHaveLength(2);
    for (const query of ['rate(gauge[5m])', 'rate(gauge[5m])', '  rate(gauge[5m])']) {
      const { infos } = await runner.range(query, past);
      expect(infos).toEqual([expect.stringContaining(`1:${query.indexOf('gauge') + 1}`)]);
    }
    expect(selects).toHaveLength(4);
  });
});

describe('guards', () => {
  test('equal questions run once, also when they are written differently', async () => {
    const { runner, selects } = runnerOver(shop(NOW - 200 * MINUTE, NOW));
    await Promise.all(
      ['sum(a_total)', 'sum( a_total )', 'sum(a_total)'].map((q) => runner.range(q, question(30))),
    );
    await Promise.all([1, 2, 3].map(() => runner.instant('a_total', { timeMs: NOW })));
    expect(selects).toHaveLength(2);
  });

  test('a query that is too much three times is refused, with the reason', async () => {
    const { runner, selects, now } = runnerOver(shop(NOW - 200 * MINUTE, NOW), { maxSamples: 100 });
    const ask = (): Promise<unknown> => codeOf(runner.range('a_total', question(60, now.ms)));
    for (const _ of [1, 2, 3]) {
      expect(await ask()).toMatch(/^422/);
      now.ms += 1000;
    }
    expect(selects).toHaveLength(3);
    await expect(runner.range('a_total', question(60, now.ms))).rejects.toThrow(
      /refused for another \d+ s: .*too many samples/,
    );
    expect(selects).toHaveLength(3);
    expect(await codeOf(runner.range('a_total', question(1)))).toBe('answered');
    now.ms += 5 * MINUTE;
    await ask();
    expect(selects).toHaveLength(5);
  });

  test('the server’s limit of time is 422 with advice, the client’s own a timeout', async () => {
    const reader = shop(NOW - 200 * MINUTE, NOW);
    const slow: RunnerOptions['source'] = {
      select: async (matchers, range) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return reader.select(matchers, range);
      },
    };
    const { runner } = runnerOver(reader, { source: slow, timeoutMs: 10 });
    await expect(runner.range('a_total', question(10))).rejects.toMatchObject({
      status: 422,
      code: 'timeout',
      message: expect.stringContaining('shorter range'),
    });
    const patient = runnerOver(reader, { source: slow });
    expect(await codeOf(patient.runner.range('a_total', { ...question(10), timeoutMs: 10 }))).toBe(
      '503 timeout',
    );
  });

  test('a client that goes away ends the evaluation', async () => {
    const gone = new AbortController();
    let stopped: AbortSignal | undefined;
    const { runner } = runnerOver(new MemoryReader(), {
      source: {
        select: (_matchers, _range, options) =>
          new Promise((_, reject) => {
            stopped = options?.signal;
            options?.signal?.addEventListener('abort', () => reject(new Error('stopped')));
          }),
      },
    });
    const asked = codeOf(runner.range('a_total', { ...question(10), signal: gone.signal }));
    await expect.poll(() => stopped).toBeDefined();
    gone.abort();
    expect(await asked).toBe('499 canceled');
    expect(stopped?.aborted).toBe(true);
  });

  test('at most two evaluations at a time; the wait shows in the statistics', async () => {
    let running = 0;
    let most = 0;
    const { runner } = runnerOver(new MemoryReader(), {
      source: {
        select: async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 20));
          running--;
          return [];
        },
      },
    });
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((q) => runner.range(q, question(10))));
    expect(most).toBe(2);
    expect(answers[0]?.stats.timings.queueMs).toBeLessThan(10);
    expect(answers[4]?.stats.timings.queueMs).toBeGreaterThan(25);
  });
});
