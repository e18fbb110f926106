import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '#lib/platform/log.ts';
import { openStore } from '#lib/store/open.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const RANGE = { from: NOW - 48 * 3_600_000, to: NOW };
const ROUNDS = 6;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the child from a number on and kills it some time after its first acknowledgement. */
function runAndKill(first: number, afterMs: number): Promise<number[]> {
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'append-until-killed.ts'), folder, String(first), String(NOW)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let out = '';
  let problems = '';
  child.stderr.on('data', (data) => {
    problems += data;
  });
  child.stdout.on('data', (data) => {
    if (out === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
    out += data;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (_code, signal) => {
      // Only whole lines: the last one may be cut.
      if (signal === 'SIGKILL') resolve(out.split('\n').slice(0, -1).map(Number));
      else reject(new Error(`the child ended by itself: ${problems}`));
    });
  });
}

test('kill -9 loses nothing that was acknowledged and counts nothing twice', async () => {
  const acknowledged: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const next = Math.max(-1, ...acknowledged) + 100;
    acknowledged.push(...(await runAndKill(next, 40 + Math.floor(Math.random() * 700))));
  }
  expect(acknowledged.length).toBeGreaterThan(ROUNDS * 4);

  const store = await openStore({ dataDir: folder, log: createLog(() => undefined), now: () => NOW });
  try {
    const samples = (await store.metrics.select([], RANGE)).flatMap((s) => [...s.values]);
    const found = new Set(samples);
    expect(acknowledged.filter((n) => !found.has(n))).toEqual([]);
    expect(samples.length).toBe(found.size);

    const traces = await store.traces.search({ range: RANGE, order: 'recent', limit: 1_000_000 });
    const traceIds = new Set(traces.map((t) => Number.parseInt(t.traceId, 16) - 1));
    expect(acknowledged.filter((n) => !traceIds.has(n))).toEqual([]);

    // What was on disk but not answered yet may be there as well: a few items of the last batch of each round.
    const spare = ROUNDS * 4;
    const calls = (await store.traces.spanSeries(RANGE)).flatMap((s) => s.buckets.map((b) => b.calls));
    const spans = calls.reduce((sum, n) => sum + n, 0);
    expect(spans).toBe(traces.length);
    expect(spans).toBeLessThanOrEqual(acknowledged.length + spare);
    const [digest] = await store.statements.digests(RANGE);
    const runs = digest?.buckets.reduce((sum, b) => sum + b.durations.count, 0);
    expect(runs).toBeGreaterThanOrEqual(acknowledged.length);
    expect(runs).toBeLessThanOrEqual(acknowledged.length + spare);
    const { arrived } = await store.stats();
    expect(arrived.metrics.count).toBe(samples.length);
    expect(arrived.spans.count).toBe(spans);
    expect(arrived.statements.count).toBe(runs);
  } finally {
    await store.close();
  }
}, 120_000);
