// biome-ignore-all lint/suspicious/noTemplateCurlyInString: relabelling writes its references so
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { labelsObject } from '#lib/model/labels.ts';
import { freePort } from '../support/app.ts';
import { Scraper, until } from './scraper.ts';
import { OPENMETRICS, says, TargetServer } from './target-server.ts';

const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;

const EXPOSITION = String.raw`# HELP a_total x
# TYPE a_total counter
a_total{job="own",path="/x",Zone="EU"} 1
a_total{job="own",path="/y",exported_job="e"} 2
b{instance="",x="1"} 3
c{le="0.1",tmp_a="q",tmp_b="w"} 4
e_bucket{le="+Inf"} 6
drop_me 7
sp {  x = "a b" , } 8
esc{x="a\\b\"c\nd"} 9
`;

const configuration = (main: string, probe: string, om: string, nobody: string) => `
global: {scrape_interval: 1s, scrape_timeout: 1s, external_labels: {region: eu}}
scrape_configs:
  - job_name: tricky
    static_configs:
      - targets: ['${main}']
        labels: {team: A-team, __meta_custom: Val-9, tier: "1"}
    relabel_configs:
      - {action: labelmap, regex: '__meta_(.+)', replacement: 'm_$1'}
      - {source_labels: [team], action: lowercase, target_label: team_l}
      - {source_labels: [team], action: uppercase, target_label: team_u}
      - {source_labels: [__address__, team], action: hashmod, modulus: 97, target_label: shard}
      - {source_labels: [__address__], regex: '([^:]+):(?P<port>\\d+)', target_label: port, replacement: '\${port}'}
      - {source_labels: [tier, team], separator: '@', target_label: joined}
      - {source_labels: [nothing], target_label: tier}
      - {source_labels: [team], regex: '(.)-(.+)', target_label: 'k_$1', replacement: '$2$$\${1}x'}
    metric_relabel_configs:
      - {source_labels: [__name__], regex: 'drop_.*', action: drop}
      - {action: labeldrop, regex: 'tmp_.*'}
      - {source_labels: [Zone], regex: '(.+)', target_label: zone, action: lowercase}
  - job_name: honor
    honor_labels: true
    static_configs: [{targets: ['${main}']}]
  - job_name: probe
    metrics_path: /probe path
    params: {module: [a b, c], z: ["&"]}
    static_configs: [{targets: [example.com, 'x.y:1']}]
    relabel_configs:
      - {source_labels: [__address__], target_label: __param_target}
      - {source_labels: [__param_target], target_label: instance}
      - {target_label: __address__, replacement: '${probe}'}
      - {source_labels: [__param_target], regex: 'x.*', target_label: __scrape_interval__, replacement: 1s500ms}
  - job_name: limited
    sample_limit: 1
    static_configs: [{targets: ['${main}', '${main}']}]
  - job_name: openmetrics
    static_configs: [{targets: ['${om}', '${nobody}']}]
  - job_name: dropped
    static_configs: [{targets: ['a:1', '${main}']}]
    relabel_configs:
      - {source_labels: [__address__], regex: 'a.*', action: drop}
      - {source_labels: [__address__], target_label: instance, replacement: '$1-z'}
`;

describe.runIf(hasPrometheus)('beside a real Prometheus (skipped where none is installed)', () => {
  let scraper: Scraper;
  const servers: TargetServer[] = [];
  let prometheus: ChildProcess;
  let url: string;

  const ask = async <T>(what: string): Promise<T> =>
    ((await (await fetch(`${url}/api/v1/${what}`)).json()) as { data: T }).data;

  beforeAll(async () => {
    scraper = new Scraper();
    servers.push(
      await TargetServer.start(says(EXPOSITION)),
      await TargetServer.start((request, response) => says(`p{u="${request.url}"} 1\n`)(request, response)),
      await TargetServer.start(
        says('# TYPE om counter\nom_total{x="1"} 5 # {trace_id="t"} 1\n# EOF\n', OPENMETRICS),
      ),
    );
    const nobody = `127.0.0.1:${await freePort()}`;
    const [main = '', probe = '', om = ''] = servers.map(({ address }) => address);
    scraper.apply(configuration(main, probe, om, nobody));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    prometheus = spawn('prometheus', [
      `--config.file=${path.join(scraper.folder, 'config.yml')}`,
      `--storage.tsdb.path=${path.join(scraper.folder, 'prometheus')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    await vi.waitUntil(allScraped, { timeout: 30_000, interval: 200 });
    await until(() => scraper.manager.targets().active.every(({ health }) => health !== 'unknown'));
  });
  afterAll(async () => {
    prometheus.kill();
    await scraper.stop();
    await Promise.all(servers.map((server) => server.stop()));
  });

  interface Target {
    readonly scrapePool: string;
    readonly scrapeUrl: string;
    readonly health: string;
    readonly labels: unknown;
    readonly discoveredLabels: unknown;
  }

  async function allScraped(): Promise<boolean> {
    const found = await ask<{ activeTargets: Target[] }>('targets').catch(() => undefined);
    const targets = found?.activeTargets ?? [];
    return targets.length > 0 && targets.every(({ health }) => health !== 'unknown');
  }

  test('the same targets, labels, addresses and health', async () => {
    const theirs = await ask<{ activeTargets: Target[]; droppedTargets: Target[] }>('targets');
    const { active, dropped } = scraper.manager.targets();
    const key = ({ scrapePool, scrapeUrl, health, labels, discoveredLabels }: Target) =>
      JSON.stringify([scrapePool, scrapeUrl, health, labels, discoveredLabels]);
    const ours = active.map((target) =>
      key({
        scrapePool: target.pool,
        scrapeUrl: target.url,
        health: target.health,
        labels: labelsObject(target.labels),
        discoveredLabels: labelsObject(target.discoveredLabels),
      }),
    );
    expect(ours.sort()).toEqual(theirs.activeTargets.map(key).sort());
    expect(dropped.map(({ discoveredLabels }) => labelsObject(discoveredLabels))).toEqual(
      theirs.droppedTargets.map(({ discoveredLabels }) => discoveredLabels),
    );
  });

  test('the same series with the same values', async () => {
    const query = encodeURIComponent(
      '{__name__=~".+", __name__!~"scrape_duration_seconds|scrape_series_added"}',
    );
    const { result } = await ask<{
      result: { metric: Record<string, string>; value: [number, string] }[];
    }>(`query?query=${query}`);
    const theirs = result.map(({ metric, value }) =>
      JSON.stringify([Object.entries(metric).sort(), value[1]]),
    );
    const ours = new Set(
      scraper.taken
        .filter(({ name }) => name !== 'scrape_duration_seconds' && name !== 'scrape_series_added')
        .map(({ name, labels, value }) =>
          JSON.stringify([Object.entries({ ...labels, __name__: name }).sort(), String(value)]),
        ),
    );
    expect([...ours].sort()).toEqual(theirs.sort());
  });
});
