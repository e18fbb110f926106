import { afterEach, beforeEach, expect, test } from 'vitest';
import { isStale, type MetricBatch, seriesRef, wordsOf } from '#lib/model/metrics.ts';
import { createLog } from '#lib/platform/log.ts';
import { instantQuery, rangeQuery } from '#lib/query/promql/engine.ts';
import { backfill } from '#lib/rules/backfill.ts';
import { backfillAnswer } from '#lib/rules/backfill-answer.ts';
import { GroupRunner, phaseOf, type RuleIo } from '#lib/rules/group-runner.ts';
import { RuleManager } from '#lib/rules/manager.ts';
import { parseRuleFile } from '#lib/rules/rule-file.ts';
import type { Store } from '#lib/store/store.ts';
import { temporaryStore } from '../support/store.ts';

const STEP = 15_000;
const START = Math.floor((Date.now() - 3_600_000) / 60_000) * 60_000;

let opened: Awaited<ReturnType<typeof temporaryStore>>;
let store: Store;
let io: RuleIo;

beforeEach(async () => {
  opened = await temporaryStore();
  store = opened.store;
  io = { source: store.metrics, append: (batch) => store.appendMetrics(batch) };
});
afterEach(() => opened.done());

const groupsOf = (rules: string, fields = '') =>
  parseRuleFile(`groups:\n  - name: test\n${fields}    rules:\n${rules}`, 'rules.yml', {
    intervalMs: 60_000,
    queryOffsetMs: 0,
  });

function onlyGroup(rules: string, fields = '') {
  const [group] = groupsOf(rules, fields);
  if (group === undefined) throw new Error('the test has no group');
  return group;
}

/** Requests of two instances of one job: 10 and 20 a scrape; the second one ends after `secondUntil`. */
async function scrape(minutes: number, secondUntil = Number.POSITIVE_INFINITY): Promise<void> {
  const timestamps: number[] = [];
  for (let at = START; at <= START + minutes * 60_000; at += STEP) timestamps.push(at);
  const short = timestamps.filter((at) => at <= secondUntil);
  const series = ['a', 'b'].map((instance) =>
    seriesRef([
      ['__name__', 'requests_total'],
      ['job', 'shop'],
      ['instance', instance],
    ]),
  );
  const batch: MetricBatch = {
    series,
    offsets: Uint32Array.of(0, timestamps.length, timestamps.length + short.length),
    timestamps: Float64Array.from([...timestamps, ...short]),
    values: Float64Array.from([...timestamps.map((_, i) => i * 10), ...short.map((_, i) => i * 20)]),
    metadata: [],
  };
  await store.appendMetrics(batch);
}

async function valuesAt(query: string, at: number): Promise<Record<string, number>> {
  const { data } = await instantQuery(store.metrics, query, { timeMs: at });
  if (data.type !== 'vector') throw new Error(`${query} gives a ${data.type}`);
  return Object.fromEntries(
    data.elements.map(({ labels, value }) => [labels.map((l) => l.join('=')).join(','), value]),
  );
}

const RATES = `
      - record: instance:requests:rate1m
        expr: sum by (job, instance) (rate(requests_total[1m]))
        labels: { source: rule }
      - record: job:requests:rate1m
        expr: sum by (job) (instance:requests:rate1m)
`;

test('records a result under the name and labels of the rule, and later rules read earlier ones', async () => {
  await scrape(10);
  const runner = new GroupRunner(onlyGroup(RATES), io);
  const at = START + 300_000;
  await runner.evaluate(at);
  expect(await valuesAt('instance:requests:rate1m', at)).toEqual({
    '__name__=instance:requests:rate1m,instance=a,job=shop,source=rule': expect.closeTo(10 / 15, 9),
    '__name__=instance:requests:rate1m,instance=b,job=shop,source=rule': expect.closeTo(20 / 15, 9),
  });
  expect(await valuesAt('job:requests:rate1m', at)).toEqual({
    '__name__=job:requests:rate1m,job=shop': expect.closeTo(2, 9),
  });
  const state = runner.state();
  expect(state.rules.map(({ health, lastEvaluation }) => [health, lastEvaluation])).toEqual([
    ['ok', at],
    ['ok', at],
  ]);
});

test('ends a series that the expression gives no more, at once', async () => {
  await scrape(10, START + 240_000);
  const runner = new GroupRunner(onlyGroup(RATES), io);
  await runner.evaluate(START + 240_000);
  await runner.evaluate(START + 360_000);
  expect(Object.keys(await valuesAt('instance:requests:rate1m', START + 240_000))).toHaveLength(2);
  expect(Object.keys(await valuesAt('instance:requests:rate1m', START + 360_000))).toEqual([
    '__name__=instance:requests:rate1m,instance=a,job=shop,source=rule',
  ]);
});

test('looks back by the query offset, and records at the time it looked at', async () => {
  await scrape(10);
  await new GroupRunner(
    onlyGroup('      - { record: seen, expr: timestamp(requests_total) }\n', '    query_offset: 2m\n'),
    io,
  ).evaluate(START + 300_000);
  const [series] = await store.metrics.select([{ name: '__name__', op: '=', value: 'seen' }], {
    from: START,
    to: START + 600_000,
  });
  expect([...(series?.timestamps ?? [])]).toEqual([START + 180_000]);
});

test.each([
  [
    'more series than the limit',
    '      - { record: x, expr: requests_total }\n',
    /2 series, the group's limit is 1/,
  ],
  [
    'series that become one',
    '      - { record: x, expr: requests_total, labels: { instance: all } }\n',
    /differ only in labels which the rule sets/,
  ],
])('%s: nothing is recorded and the state says why', async (_, rules, why) => {
  await scrape(5);
  const runner = new GroupRunner(
    onlyGroup(rules, '    limit: 1\n'.repeat(rules.includes('labels') ? 0 : 1)),
    io,
  );
  await runner.evaluate(START + 300_000);
  const [rule] = runner.state().rules;
  expect(rule?.health).toBe('err');
  expect(rule?.lastError).toMatch(why);
  expect(await valuesAt('x', START + 300_000)).toEqual({});
});

test('filling in the past gives what evaluation at those times would have given', async () => {
  await scrape(30, START + 900_000);
  const group = onlyGroup(RATES);
  const phase = phaseOf(group);
  const range = { from: START + 300_000, to: START + 1_500_000 };
  const progress = [];
  for await (const step of backfill(group, io, range, phase)) progress.push(step);
  expect(progress.at(-1)).toMatchObject({ rule: 'job:requests:rate1m', samples: 20, rejected: 0 });

  const filled = await recordedSamples(store);
  const other = await temporaryStore();
  try {
    const live = new GroupRunner(group, {
      source: store.metrics,
      append: (batch) => other.store.appendMetrics(batch),
    });
    const first = Math.ceil((range.from - phase) / 60_000) * 60_000 + phase;
    for (let at = first; at <= range.to; at += 60_000) await live.evaluate(at);
    expect(filled).toEqual(await recordedSamples(other.store));
  } finally {
    await other.done();
  }
  expect(filled.some(({ points }) => points.includes('stale'))).toBe(true);

  let again = 0;
  for await (const step of backfill(group, io, range, phase)) again += step.rejected;
  expect(again).toBe(0);
  expect(await recordedSamples(store)).toEqual(filled);
});

async function recordedSamples(of: Store) {
  const series = await of.metrics.select([{ name: '__name__', op: '=~', value: '.*:requests:rate1m' }], {
    from: START,
    to: START + 3_600_000,
  });
  return series
    .map(({ labels, timestamps, values }) => ({
      labels,
      points: [...timestamps].map((at, i) => (isStale(wordsOf(values), i) ? 'stale' : `${at} ${values[i]}`)),
    }))
    .sort((a, b) => JSON.stringify(a.labels).localeCompare(JSON.stringify(b.labels)));
}

test('the manager evaluates groups at their times, and ends what a reload takes away', async () => {
  const manager = new RuleManager({ ...io, log: createLog(() => undefined), now: Date.now });
  const fast = '    interval: 100ms\n';
  await manager.load(
    groupsOf('      - { record: one, expr: vector(1) }\n      - { record: two, expr: vector(2) }\n', fast),
  );
  await until(async () => Object.keys(await valuesAt('two', Date.now())).length === 1);
  await manager.load(groupsOf('      - { record: one, expr: vector(1) }\n', fast));
  expect(await valuesAt('two', Date.now())).toEqual({});
  await until(async () => manager.state()[0]?.rules[0]?.health === 'ok');
  expect(manager.state()[0]?.rules.map(({ name }) => name)).toEqual(['one']);
  await manager.stop();
  const { data } = await rangeQuery(store.metrics, 'one', {
    startMs: Date.now() - 1000,
    endMs: Date.now(),
    stepMs: 100,
  });
  expect(data.series[0]?.values.at(-1)).toBe(1);
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  await expect.poll(holds, { timeout: 10_000, interval: 20 }).toBe(true);
}

test('the answer of a backfill is a line a step, and names what broke it off', async () => {
  await scrape(30);
  const manager = new RuleManager({ ...io, log: createLog(() => undefined), now: Date.now });
  const range = { from: START + 300_000, to: START + 1_500_000 };
  await expect(backfillAnswer(manager.backfill(range))).rejects.toThrow(/no rules are loaded/);
  await manager.load(
    groupsOf(`${RATES}      - { record: broken, expr: requests_total, labels: { instance: all } }\n`),
  );
  await expect(backfillAnswer(manager.backfill(range, 'other'))).rejects.toThrow(/no loaded rule group/);
  const text = await (await backfillAnswer(manager.backfill(range, 'test'))).text();
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ rule, samples }) => [rule, samples])).toEqual([
    ['instance:requests:rate1m', 40],
    ['job:requests:rate1m', 20],
    [undefined, undefined],
  ]);
  expect(lines.at(-1).error.message).toMatch(/differ only in labels/);
  await manager.stop();
});
