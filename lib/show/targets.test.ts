import { describe, expect, test } from 'vitest';
import type { ScrapeTarget, ScrapeTargets } from '#lib/model/scrape-target.ts';
import { adviceFor, targetsModel } from './targets.ts';

const NOW = 1_700_000_000_000;
const CONFIG = { path: '/etc/c.yml', loadedAt: NOW - 1000, error: undefined, failedAt: undefined };

function target(instance: string, health: ScrapeTarget['health'], lastError = ''): ScrapeTarget {
  return {
    pool: 'shop',
    url: `http://${instance}/metrics`,
    labels: [
      ['instance', instance],
      ['job', 'shop'],
      ['team', 'checkout'],
    ],
    discoveredLabels: [['__address__', instance]],
    health,
    lastError,
    lastScrape: health === 'unknown' ? undefined : NOW - 5000,
    lastScrapeMs: 12,
    lastSamples: 100,
    missed: 0,
    intervalMs: 15_000,
    timeoutMs: 10_000,
    metadata: () => [],
  };
}

const TARGETS: ScrapeTargets = {
  pools: ['shop', 'empty'],
  active: [target('a:1', 'up'), target('b:1', 'down', 'connection refused'), target('c:1', 'unknown')],
  dropped: [{ pool: 'empty', discoveredLabels: [['__address__', 'd:1']] }],
  droppedCounts: new Map([['empty', 7]]),
  problems: new Map([['empty', ['t.yml: cannot be read']]]),
};
const model = (filter = {}) => targetsModel({ targets: TARGETS, config: CONFIG }, filter, NOW);

test('each pool with its targets, those that are not well first', () => {
  const { pools, counts, config } = model();
  expect(counts).toEqual({ up: 1, down: 1, unknown: 1 });
  expect(config).toMatchObject({ path: '/etc/c.yml', error: null });
  expect(pools.map(({ name, up, all, dropped, problems }) => [name, up, all, dropped, problems])).toEqual([
    ['shop', 1, 3, 0, []],
    ['empty', 0, 0, 7, ['t.yml: cannot be read']],
  ]);
  expect(pools[0]?.targets.map(({ instance }) => instance)).toEqual(['b:1', 'c:1', 'a:1']);
  expect(pools[0]?.targets[0]).toMatchObject({ error: 'connection refused', labels: [['team', 'checkout']] });
});

describe('the filter', () => {
  test.each([
    [{ pool: 'empty' }, []],
    [{ health: 'up' }, ['a:1']],
    [{ search: 'REFUSED' }, ['b:1']],
    [{ search: 'checkout', health: 'down' }, ['b:1']],
    [{ search: 'nothing' }, []],
  ])('%j', (filter, instances) => {
    expect(model(filter).pools.flatMap(({ targets }) => targets.map(({ instance }) => instance))).toEqual(
      instances,
    );
  });
});

test('no configuration', () => {
  expect(targetsModel(undefined, {}, NOW)).toMatchObject({ config: null, pools: [] });
});

test('as many rows as a browser shows, and how many there are', () => {
  const active = Array.from({ length: 800 }, (_, i) => target(`h${i}:1`, 'up'));
  const { pools } = targetsModel({ targets: { ...TARGETS, active }, config: CONFIG }, {}, NOW);
  expect(pools[0]).toMatchObject({ matching: 800 });
  expect(pools[0]?.targets).toHaveLength(200);
});

test.each([
  ['server returned HTTP status 403 Forbidden', /basic_auth/],
  ['server returned HTTP status 404 Not Found', /metrics_path/],
  ['no complete answer within the scrape_timeout of 10s', /scrape_timeout/],
  ['sample_limit of 5 exceeded: 6 samples after metric relabelling', /metric_relabel_configs/],
  ['line 3: the sample has no value', /Open the URL/],
])('%s', (error, advice) => {
  expect(adviceFor(error)).toMatch(advice);
});

test('an error that says itself what to do needs no more', () => {
  expect(adviceFor('connection refused: is the target running?')).toBeNull();
});
