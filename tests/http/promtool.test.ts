import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, discard, startApp } from '../support/app.ts';
import { halfAnHour, installed } from '../support/peer.ts';
import { WRITE_HEADERS } from '../support/write-request.ts';

const here = installed('promtool');
const END = Math.floor(Date.now() / 60_000) * 60;
const START = END - 1800;

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

describe.skipIf(!here)(`promtool as a client${here ? '' : ' (skipped: promtool is not installed)'}`, () => {
  const promtool = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('promtool', ['query', ...args])).stdout;

  test('instant', async () => {
    expect(
      await promtool('instant', `--time=${END - 60}`, app.url, 'sum by (job) (requests_total * 0 + 2)'),
    ).toBe(`{job="api"} => 4 @[${END - 60}]\n`);
    expect(await promtool('instant', `--time=${END}`, app.url, '1+1')).toBe(`scalar: 2 @[${END}]\n`);
  });

  test('range', async () => {
    const out = await promtool(
      'range',
      `--start=${START + 600}`,
      `--end=${START + 660}`,
      '--step=30s',
      '--header=x-dashboard-uid=d',
      app.url,
      'count(up) > 0',
    );
    expect(out).toMatch(/^\{\} =>\n3 @\[\d+\]\n3 @\[\d+\]\n[23] @\[\d+\]\n$/);
  });

  test('series and labels', async () => {
    const series = await promtool('series', '--match=up{job="api"}', '--match=up{job="web"}', app.url);
    expect(series.trim().split('\n')).toEqual([
      '{__name__="up", instance="a", job="api"}',
      '{__name__="up", instance="b", job="api"}',
      '{__name__="up", instance="c", job="web"}',
    ]);
    expect(await promtool('labels', app.url, 'le')).toBe('+Inf\n0.1\n0.5\n1\n');
    expect(await promtool('labels', '--match=up{job="web"}', app.url, 'instance')).toBe('c\n');
  });

  test('errors in words, with Prometheus’ error types', async () => {
    const failed = await promtool('instant', app.url, 'sum(').catch((error: Error) => error.message);
    expect(failed).toContain('bad_data');
    const many = await promtool('instant', `--time=${END}`, app.url, 'up + on() up').catch(
      (error: Error) => error.message,
    );
    expect(many).toContain('execution');
  });
});
