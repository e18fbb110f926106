import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { App, discard, freePort, startApp, temporaryFolder } from '../support/app.ts';
import { OPENMETRICS, TargetServer } from './target-server.ts';

let app: App;
let target: TargetServer;
let file: string;
const registry = new Registry();
const orders = new Counter({
  name: 'orders_total',
  help: 'Orders taken',
  labelNames: ['kind'],
  registers: [registry],
});
collectDefaultMetrics({ register: registry });
const busy = setInterval(() => orders.inc({ kind: 'web' }), 100);

beforeAll(async () => {
  target = await TargetServer.start((_request, response) => {
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.destroy(),
    );
  });
  const dataDir = temporaryFolder();
  file = path.join(dataDir, 'config.yml');
  writeFileSync(
    path.join(dataDir, 'rules.yml'),
    "groups: [{name: shop, interval: 1s, rules: [{record: 'job:orders:rate10s', expr: 'sum by (job) (rate(orders_total[10s]))'}]}]",
  );
  writeFileSync(
    file,
    `global: {scrape_interval: 1s}\nrule_files: [rules.yml]\nscrape_configs:\n  - job_name: shop\n    static_configs: [{targets: ["${target.address}"]}]\n`,
  );
  app = await startApp({ dataDir, env: { CHOKEPOINT_CONFIG: file } });
});
afterAll(async () => {
  clearInterval(busy);
  await discard(app);
  await target.stop();
});

interface Answer {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

async function query(expr: string): Promise<Answer['data']['result']> {
  const answer = await fetch(`${app.url}/api/v1/query?query=${encodeURIComponent(expr)}`);
  return ((await answer.json()) as Answer).data.result;
}

/** Asks until the answer is as wanted, and gives the last one. */
async function eventually<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (isGood(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('a server with a configuration file', () => {
  test('scrapes prom-client, answers `up` and a rate, and records a rule', async () => {
    const up = await eventually(
      () => query('up'),
      (found) => found[0]?.value[1] === '1',
    );
    expect(up).toMatchObject([
      { metric: { job: 'shop', instance: target.address }, value: [expect.any(Number), '1'] },
    ]);
    const rate = await eventually(
      () => query('rate(orders_total[10s])'),
      (found) => Number(found[0]?.value[1]) > 5,
    );
    expect(Number(rate[0]?.value[1])).toBeGreaterThan(5);
    expect(Number(rate[0]?.value[1])).toBeLessThan(20);
    const recorded = await eventually(
      () => query('job:orders:rate10s'),
      (found) => found.length > 0,
    );
    expect(recorded[0]?.metric).toEqual({ __name__: 'job:orders:rate10s', job: 'shop' });
  });

  test('says so where Prometheus does', async () => {
    const targets = (await (await fetch(`${app.url}/api/v1/targets`)).json()) as {
      data: { activeTargets: unknown[] };
    };
    expect(targets.data.activeTargets).toMatchObject([
      {
        labels: { instance: target.address, job: 'shop' },
        scrapePool: 'shop',
        scrapeUrl: `http://${target.address}/metrics`,
        lastError: '',
        health: 'up',
        scrapeInterval: '1s',
        scrapeTimeout: '1s',
      },
    ]);
    const metadata = (await (
      await fetch(`${app.url}/api/v1/metadata?metric=orders_total`)
    ).json()) as unknown;
    expect(metadata).toMatchObject({ data: { orders_total: [{ type: 'counter', help: 'Orders taken' }] } });
    const own = await (await fetch(`${app.url}/metrics`)).text();
    expect(own).toMatch(/chokepoint_scrapes_total\{outcome="ok"\} [1-9]/);
    const page = await (await fetch(`${app.url}/targets`)).text();
    expect(page).toContain(target.address);
  });

  test('reloads when told, by request and by signal, and keeps what is good', async () => {
    const reload = () => fetch(`${app.url}/-/reload`, { method: 'POST' });
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('job_name: shop', 'job: shop'));
    const refused = await reload();
    expect(refused.status).toBe(500);
    expect(await refused.text()).toMatch(/config\.yml:4: .*unknown key .*job/);
    expect((await query('up'))[0]?.metric.job).toBe('shop');
    writeFileSync(file, before.replace('job_name: shop', 'job_name: store'));
    app.child.kill('SIGHUP');
    await eventually(
      () => query('up{job="store"}'),
      (found) => found.length > 0,
    );
    // The old job's series end two intervals later.
    expect(
      await eventually(
        () => query('up{job="shop"}'),
        (found) => found.length === 0,
      ),
    ).toEqual([]);
    writeFileSync(file, before);
    expect((await reload()).status).toBe(200);
  });

  test('marks all series stale once the target is gone', async () => {
    await eventually(
      () => query('orders_total{job="shop"}'),
      (found) => found.length > 0,
    );
    target.handler = (_request, response) =>
      response.writeHead(200, { 'content-type': OPENMETRICS }).end('# EOF\n');
    expect(
      await eventually(
        () => query('orders_total'),
        (found) => found.length === 0,
      ),
    ).toEqual([]);
    expect((await query('up{job="shop"}'))[0]?.value[1]).toBe('1');
    target.handler = (request) => request.socket.destroy();
    const up = await eventually(
      () => query('up{job="shop"}'),
      (found) => found[0]?.value[1] === '0',
    );
    expect(up[0]?.value[1]).toBe('0');
  });
});

test.each([
  [
    'a bad configuration',
    'global: {scrape_intervall: 1s}',
    /config\.yml:1: global\.scrape_intervall: unknown key .*did you mean 'scrape_interval'/,
  ],
  ['a bad rule', 'rule_files: [bad.yml]', /bad\.yml:4: .*parse error/],
])('%s at the start is told, with its line, and ends the process', async (_, yaml, message) => {
  const dataDir = temporaryFolder();
  const config = path.join(dataDir, 'config.yml');
  writeFileSync(config, yaml);
  writeFileSync(
    path.join(dataDir, 'bad.yml'),
    'groups:\n  - name: g\n    rules:\n      - {record: a, expr: "sum("}\n',
  );
  const failed = new App(await freePort(), dataDir, { CHOKEPOINT_CONFIG: config });
  const { code, output } = await failed.ended;
  expect(code).toBe(1);
  expect(output.trim().split('\n')).toHaveLength(1);
  expect(output).toMatch(message);
});
