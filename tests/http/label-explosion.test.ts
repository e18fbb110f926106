import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, discard, startApp } from '../support/app.ts';
import { MetricClient } from '../support/metric-client.ts';
import type { Sample } from '../support/write-request.ts';

const MAX_SERIES = 12_000;
/** Longer than any piece of work may keep others waiting, with room for a busy machine. */
const HELD_MS = 1000;
const NOW = Math.floor(Date.now() / 1000) * 1000;

let app: App;
let client: MetricClient;
beforeAll(async () => {
  app = await startApp({ env: { CHOKEPOINT_MAX_SERIES: String(MAX_SERIES) } });
  client = new MetricClient(app);
});
afterAll(() => discard(app));

const one = (name: string, i: number): Sample => ({
  labels: [
    ['__name__', name],
    ['i', `${i}`],
  ],
  at: NOW,
  value: 1,
});

test('a label that explodes is named with counts; what is known keeps flowing', async () => {
  const known = Array.from({ length: 500 }, (_, i) => one('known', i));
  expect((await client.write(known)).status).toBe(204);
  await client.held();
  const flood = (from: number) =>
    client.importText(
      Array.from({ length: 20_000 }, (_, i) => `boom{job="api",request_id="r${from + i}"} 1\n`).join(''),
    );
  const answers = [await flood(0), await flood(1e6), await flood(2e6)];
  for (const { status, text } of answers) {
    expect(status).toBe(400);
    expect(text).toContain(
      `${MAX_SERIES} series are active, the most that are taken (CHOKEPOINT_MAX_SERIES)`,
    );
    expect(text).toMatch(/'boom' has \d+ of them.*its label 'request_id' \d+ values: drop that label/);
  }
  expect(await client.held()).toBeLessThan(HELD_MS);
  const later = known.map((sample) => ({ ...sample, at: NOW + 15_000, value: 2 }));
  expect(await client.write(later)).toEqual({ status: 204, text: '' });
  expect(await client.firstValue('sum(known)', NOW + 15_000)).toBe('1000');
  const text = await (await fetch(`${app.url}/metrics`)).text();
  expect(text).toMatch(/chokepoint_rejected_total\{signal="metrics",reason="series-limit"\} \d{5}/);
});

describe('questions over the explosion', () => {
  const later = () => Date.now();

  test.each(['(a+)+$', '(.*)*x', '(?:(?:(?:.*a){10}){10}){10}', '.*.*.*.*.*.*z', '([a-z]+)*[0-9]{1,50}q'])(
    '%s over ten thousand values',
    async (pattern) => {
      await client.held();
      const started = performance.now();
      expect(await client.query(`count({request_id=~"${pattern}"})`, later())).toMatchObject({
        status: 'success',
      });
      expect(performance.now() - started).toBeLessThan(5000);
      expect(await client.held()).toBeLessThan(HELD_MS);
    },
  );

  test.each([
    ['repetitions that take seconds to compile', `x{a=~"${'(?:.*a){1000}'.repeat(200)}"}`, /too large/],
    ['100 KB of groups', `x{a=~"${'(a|b)*'.repeat(15_000)}"}`, /too large/],
    ['a back-reference', String.raw`x{a=~"(a)\\1"}`, /invalid escape/],
    ['10,000 parentheses', '('.repeat(10_000), /unexpected/],
    ['10,000 signs', `${'-'.repeat(10_000)}1`, /unexpected/],
    ['10,000 calls', 'abs('.repeat(10_000), /unexpected/],
    ['10,000 subqueries', `x${'[1m:1s]'.repeat(10_000)}`, /unexpected/],
    ['a million steps in a subquery', 'max_over_time(known[1y:1ms])', /too many samples/],
    ['everything, a second apart', 'sum_over_time({__name__=~".+"}[40d:1s])', /too many samples/],
  ])('%s', async (_, expr, message) => {
    await client.held();
    expect((await client.query(expr, later())).error).toMatch(message);
    expect(await client.held()).toBeLessThan(HELD_MS);
  });

  test('11,000 steps and no more', async () => {
    const range = async (steps: number) =>
      (await fetch(`${app.url}/api/v1/query_range?query=1&start=0&end=${steps}&step=1`)).status;
    expect([await range(11_000), await range(11_001)]).toEqual([200, 400]);
  });

  test('all of it as one list', async () => {
    await client.held();
    const response = await fetch(`${app.url}/api/v1/series?match[]={__name__=~".%2B"}`);
    expect(((await response.json()) as { data: unknown[] }).data).toHaveLength(MAX_SERIES);
    expect(await client.held()).toBeLessThan(HELD_MS);
  });
});
