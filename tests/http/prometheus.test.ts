import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, discard, freePort, startApp } from '../support/app.ts';
import { halfAnHour, installed } from '../support/peer.ts';
import { WRITE_HEADERS } from '../support/write-request.ts';

const here = installed('prometheus');
const END = Math.floor(Date.now() / 60_000) * 60;
const START = END - 1800;

const QUERIES = [
  'up',
  '1 + 1',
  '-up',
  'sum by (job) (rate(requests_total[5m]))',
  'increase(requests_total[3m])',
  'histogram_quantile(0.9, sum by (le, job) (rate(latency_seconds_bucket[5m])))',
  'topk(1, requests_total)',
  'temperature',
  'avg_over_time(temperature[2m])',
  'up == 0 or vector(7)',
  'requests_total offset 5m / ignoring(nothing) requests_total',
  'max_over_time(sum(rate(requests_total[2m]))[610s:1m])',
  'absent(nothing)',
  'count_values("v", up)',
  'label_replace(up, "short", "$1", "instance", "(.).*")',
  'sum without (instance) (up) * on (job) group_right sum by (job) (up)',
  'quantile(0.3, requests_total)',
  'time() - timestamp(up)',
];

let app: App;
beforeAll(async () => {
  app = await startApp();
  const sent = await fetch(`${app.url}/api/v1/write`, {
    method: 'POST',
    headers: WRITE_HEADERS,
    body: halfAnHour(START),
  });
  expect(sent.status).toBe(204);
});
afterAll(async () => {
  await discard(app);
});

describe.skipIf(!here)(
  `the same answers as a real Prometheus${here ? '' : ' (skipped: prometheus is not installed)'}`,
  () => {
    let prometheus: ChildProcess | undefined;
    let folder = '';
    let peer = '';

    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-prometheus-'));
      writeFileSync(path.join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
      const port = await freePort();
      peer = `http://127.0.0.1:${port}`;
      prometheus = spawn(
        'prometheus',
        [
          `--config.file=${folder}/prometheus.yml`,
          `--storage.tsdb.path=${folder}/data`,
          `--web.listen-address=127.0.0.1:${port}`,
          '--web.enable-remote-write-receiver',
          '--log.level=error',
        ],
        { stdio: 'ignore' },
      );
      while ((await fetch(`${peer}/-/ready`).catch(() => undefined))?.status !== 200) await wait(50);
      const sent = await fetch(`${peer}/api/v1/write`, {
        method: 'POST',
        headers: WRITE_HEADERS,
        body: halfAnHour(START),
      });
      expect(sent.status).toBe(204);
    });

    afterAll(async () => {
      const ended = new Promise((resolve) => prometheus?.once('exit', resolve));
      prometheus?.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    });

    const both = async (target: string, init?: RequestInit): Promise<[unknown, unknown]> => {
      const [ours, theirs] = await Promise.all(
        [app.url, peer].map(async (base) => (await fetch(base + target, init)).json()),
      );
      return [approximate(ours), approximate(theirs)];
    };

    test.each(QUERIES)('query %s', async (query) => {
      const params = new URLSearchParams({ query, time: String(END - 30) });
      const [ours, theirs] = await both(`/api/v1/query?${params}`);
      expect(ours).toMatchObject({ status: 'success' });
      expect(ours).toEqual(theirs);
    });

    test.each(QUERIES)('query_range %s, cold and from kept answers', async (query) => {
      const form = { query, start: String(START), end: String(END), step: '30' };
      const init = { method: 'POST', body: new URLSearchParams(form) };
      for (const _ of ['cold', 'warm']) {
        const [ours, theirs] = await both('/api/v1/query_range', init);
        expect(ours).toMatchObject({ status: 'success' });
        expect(ours).toEqual(theirs);
      }
    });

    test.each([
      '/api/v1/labels',
      '/api/v1/labels?match[]=up',
      '/api/v1/label/job/values',
      '/api/v1/label/instance/values?match[]=up{job="api"}',
      '/api/v1/label/nothing/values',
      '/api/v1/series?match[]=up&match[]={job="web",le="1"}',
      '/api/v1/query_exemplars?query=up',
      '/api/v1/metadata?metric=nothing',
      '/api/v1/rules',
      '/api/v1/alerts',
      '/api/v1/alertmanagers',
      `/api/v1/query?query=up[2m]&time=${END - 60}`,
      '/api/v1/query?query=%22text%22&time=1.5',
      '/api/v1/query?query=vector(1)&time=1700000000.25',
    ])('%s', async (target) => {
      const [ours, theirs] = await both(target);
      expect(ours).toEqual(theirs);
    });

    test.each([
      ['/api/v1/query?query=', 400, 'bad_data'],
      ['/api/v1/query?query=sum(', 400, 'bad_data'],
      ['/api/v1/query?query=up&time=x', 400, 'bad_data'],
      [`/api/v1/query?query=up%2Bon()up&time=${END}`, 422, 'execution'],
      ['/api/v1/query_range?query=up&start=5&end=1&step=1', 400, 'bad_data'],
      ['/api/v1/query_range?query=up&start=1&end=20000&step=1', 400, 'bad_data'],
      ['/api/v1/query_range?query=up[1m]&start=1&end=2&step=1', 400, 'bad_data'],
      ['/api/v1/series', 400, 'bad_data'],
      ['/api/v1/query?query=up&timeout=-', 400, 'bad_data'],
    ])('%s is refused alike', async (target, status, errorType) => {
      for (const base of [app.url, peer]) {
        const answer = await fetch(base + target);
        expect([answer.status, await answer.json()]).toEqual([
          status,
          expect.objectContaining({ status: 'error', errorType, error: expect.any(String) }),
        ]);
      }
    });
  },
);

/** Series in one order, values to 12 digits. */
function approximate(answer: unknown): unknown {
  const { status, data } = answer as { status: string; data: { result?: unknown; resultType?: string } };
  if (!Array.isArray(data?.result) || !['vector', 'matrix'].includes(data.resultType ?? ''))
    return { status, data };
  const rounded = data.result.map(({ metric, value, values }) => ({
    metric,
    ...(value ? { value: round(value) } : {}),
    ...(values ? { values: values.map(round) } : {}),
  }));
  const key = (item: (typeof rounded)[number]): string =>
    JSON.stringify(Object.entries(item.metric).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { status, data: rounded.sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
}

function round([time, text]: [number, string]): [number, string] {
  return [time, String(Number(Number(text).toPrecision(12)))];
}
