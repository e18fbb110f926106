import { describe, expect, test } from 'vitest';
import type { AlertingRule, RecordingRule, RuleGroup } from '#lib/model/rule-state.ts';
import type { ScrapeTarget, ScrapeTargets } from '#lib/model/scrape-target.ts';
import { alerts, rules } from './rules.ts';
import { scrapePools, targets, targetsMetadata } from './targets.ts';

const form = (text = ''): URLSearchParams => new URLSearchParams(text);
const dataOf = async (answer: Response): Promise<unknown> => (await answer.json()).data;

const target = (pool: string, instance: string, more: Partial<ScrapeTarget> = {}): ScrapeTarget => ({
  pool,
  url: `http://${instance}/metrics`,
  labels: [
    ['instance', instance],
    ['job', pool],
  ],
  discoveredLabels: [['__address__', instance]],
  health: 'up',
  lastError: '',
  lastScrape: 1000,
  lastScrapeMs: 12,
  lastSamples: 3,
  missed: 0,
  intervalMs: 15_000,
  timeoutMs: 10_000,
  metadata: () => [{ name: 'up', type: 'gauge', help: 'alive', unit: '' }],
  ...more,
});
const scraped: ScrapeTargets = {
  pools: ['web', 'api', 'empty'],
  active: [target('web', 'w:80'), target('api', 'a:80', { health: 'unknown', lastScrape: undefined })],
  dropped: [{ pool: 'api', discoveredLabels: [['__address__', 'gone']] }],
  droppedCounts: new Map([['api', 4]]),
};

describe('targets', () => {
  test('all of them, by pool', async () => {
    expect(await dataOf(targets(form(), scraped))).toEqual({
      activeTargets: [
        expect.objectContaining({ scrapePool: 'api', health: 'unknown', lastScrape: '0001-01-01T00:00:00Z' }),
        {
          discoveredLabels: { __address__: 'w:80' },
          labels: { instance: 'w:80', job: 'web' },
          scrapePool: 'web',
          scrapeUrl: 'http://w:80/metrics',
          globalUrl: 'http://w:80/metrics',
          lastError: '',
          lastScrape: '1970-01-01T00:00:01.000Z',
          lastScrapeDuration: 0.012,
          health: 'up',
          scrapeInterval: '15s',
          scrapeTimeout: '10s',
        },
      ],
      droppedTargets: [{ discoveredLabels: { __address__: 'gone' }, scrapePool: 'api' }],
      droppedTargetCounts: { web: 0, api: 4, empty: 0 },
    });
  });

  test.each([
    ['state=active', 2, 0],
    ['state=dropped', 0, 1],
    ['state=ANY', 2, 1],
    ['state=other', 0, 0],
    ['scrapePool=web', 1, 0],
  ])('%s', async (query, active, dropped) => {
    expect(await dataOf(targets(form(query), scraped))).toMatchObject({
      activeTargets: { length: active },
      droppedTargets: { length: dropped },
    });
  });

  test('without a configuration there are none', async () => {
    expect(await dataOf(targets(form(), undefined))).toMatchObject({
      activeTargets: [],
      droppedTargetCounts: {},
    });
    expect(await dataOf(scrapePools(undefined))).toEqual({ scrapePools: [] });
    expect(await dataOf(scrapePools(scraped))).toEqual({ scrapePools: ['api', 'empty', 'web'] });
  });

  test.each([
    ['', 2],
    ['limit=1', 1],
    ['limit=0', 0],
    ['metric=up', 2],
    ['metric=down', 0],
    ['match_target={job="web"}', 1],
    ['match_target={job=~"w.*|x",instance!="a"}', 1],
  ])('metadata with %s', async (query, count) => {
    const found = await dataOf(targetsMetadata(form(query), scraped));
    expect(found).toHaveLength(count);
    for (const one of found as { metric?: string }[])
      expect(one.metric).toBe(query.startsWith('metric') ? undefined : 'up');
  });

  test('metadata of a malformed selector', () => {
    expect(() => targetsMetadata(form('match_target=sum(up)'), scraped)).toThrow(
      'invalid parameter "match_target"',
    );
    expect(() => targetsMetadata(form('limit=x'), scraped)).toThrow('limit must be a number');
  });
});

const evaluated = { health: 'ok', lastError: '', lastEvaluation: 2000, evaluationMs: 3 } as const;
const recording: RecordingRule = {
  kind: 'recording',
  name: 'job:up:sum',
  query: 'sum by (job) (up)',
  labels: [['team', 'a']],
  ...evaluated,
};
const alerting: AlertingRule = {
  kind: 'alerting',
  name: 'Down',
  query: 'up == 0',
  labels: [['severity', 'page']],
  ...evaluated,
  health: 'err',
  lastError: 'no',
  state: 'firing',
  forMs: 60_000,
  keepFiringForMs: 0,
  annotations: [['summary', '{{ $labels.job }}']],
  alerts: [
    {
      labels: [['alertname', 'Down']],
      annotations: [['summary', 'api']],
      state: 'firing',
      activeAt: 1000,
      keepFiringSince: undefined,
      value: 12.5,
    },
  ],
};
const group = (name: string, of: RuleGroup['rules']): RuleGroup => ({
  name,
  file: `${name}.yml`,
  intervalMs: 30_000,
  limit: 0,
  lastEvaluation: 2000,
  evaluationMs: 5,
  rules: of,
});
const groups = [group('a', [recording, alerting]), group('b', [recording]), group('c', [alerting])];

describe('rules', () => {
  test('both kinds', async () => {
    const found = await dataOf(rules(form('rule_group[]=a'), groups));
    expect(found).toEqual({
      groups: [
        {
          name: 'a',
          file: 'a.yml',
          interval: 30,
          limit: 0,
          evaluationTime: 0.005,
          lastEvaluation: '1970-01-01T00:00:02.000Z',
          rules: [
            {
              name: 'job:up:sum',
              query: 'sum by (job) (up)',
              labels: { team: 'a' },
              health: 'ok',
              evaluationTime: 0.003,
              lastEvaluation: '1970-01-01T00:00:02.000Z',
              type: 'recording',
            },
            expect.objectContaining({
              state: 'firing',
              name: 'Down',
              health: 'err',
              lastError: 'no',
              duration: 60,
              keepFiringFor: 0,
              annotations: { summary: '{{ $labels.job }}' },
              type: 'alerting',
              alerts: [
                {
                  labels: { alertname: 'Down' },
                  annotations: { summary: 'api' },
                  state: 'firing',
                  activeAt: '1970-01-01T00:00:01.000Z',
                  value: '1.25e+01',
                },
              ],
            }),
          ],
        },
      ],
    });
  });

  test.each([
    ['', { a: 2, b: 1, c: 1 }],
    ['type=alert', { a: 1, c: 1 }],
    ['type=record', { a: 1, b: 1 }],
    ['rule_name[]=Down', { a: 1, c: 1 }],
    ['file[]=b.yml', { b: 1 }],
    ['match[]={severity="page"}', { a: 1, c: 1 }],
    ['group_limit=2', { a: 2, b: 1 }],
  ])('with %s', async (query, counts) => {
    const found = (await dataOf(rules(form(query), groups))) as {
      groups: { name: string; rules: unknown[] }[];
    };
    expect(Object.fromEntries(found.groups.map(({ name, rules: kept }) => [name, kept.length]))).toEqual(
      counts,
    );
  });

  test('page by page', async () => {
    const first = (await dataOf(rules(form('group_limit=2'), groups))) as { groupNextToken: string };
    const next = await dataOf(rules(form(`group_limit=2&group_next_token=${first.groupNextToken}`), groups));
    expect(next).toEqual({ groups: [expect.objectContaining({ name: 'c' })] });
    for (const query of ['group_limit=0', 'group_next_token=x', 'group_limit=1&group_next_token=x', 'type=x'])
      expect(() => rules(form(query), groups)).toThrow('invalid parameter');
  });

  test('alerts, and rules without them', async () => {
    expect(await dataOf(alerts(groups))).toMatchObject({
      alerts: [{ state: 'firing' }, { state: 'firing' }],
    });
    expect(await dataOf(alerts(undefined))).toEqual({ alerts: [] });
    expect(await dataOf(rules(form('exclude_alerts=true&type=alert'), groups))).toMatchObject({
      groups: [{ rules: [{ alerts: [] }] }, { rules: [{ alerts: [] }] }],
    });
  });
});
