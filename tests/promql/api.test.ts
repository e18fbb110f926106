import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import { formatQuery, query, queryRange } from '#lib/query/prometheus-api/query.ts';
import { labels, labelValues, metadata, series } from '#lib/query/prometheus-api/series.ts';
import { status } from '#lib/query/prometheus-api/status.ts';
import { Changes } from '#lib/query/runner/changes.ts';
import { QueryRunner } from '#lib/query/runner/runner.ts';
import { MemoryReader } from './memory-reader.ts';

const NOW = Date.UTC(2025, 5, 1);
const T = NOW / 1000;

const reader = new MemoryReader()
  .add(
    [
      ['__name__', 'up'],
      ['job', 'api'],
    ],
    [
      [NOW - 30_000, 0],
      [NOW - 500, 1],
    ],
  )
  .add(
    [
      ['__name__', 'up'],
      ['job', 'web'],
    ],
    [[NOW - 500, Number.NaN]],
  )
  .add(
    [
      ['__name__', 'http.requests'],
      ['http.route', '/ä'],
    ],
    [[NOW - 500, 1e-7]],
  )
  .describe({ name: 'up', type: 'gauge', help: 'alive', unit: '' });

const form = (params: Record<string, string>): URLSearchParams => new URLSearchParams(params);
const ask = async (answer: Promise<Response> | Response): Promise<unknown> => (await answer).json();
const client = { headers: new Headers() };
const queries = new QueryRunner({
  source: reader,
  changes: new Changes(),
  maxSamples: 1_000_000,
  timeoutMs: 30_000,
});
const instant = (params: Record<string, string>): Promise<unknown> =>
  ask(query(queries, form(params), client, NOW));

async function faultOf(asked: Promise<unknown>): Promise<{ status: number; code: string; message: string }> {
  try {
    await asked;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
  throw new Error('expected a fault');
}

describe('/query', () => {
  test('a vector, with values as text and now as its time', async () => {
    expect(await instant({ query: 'up' })).toEqual({
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          { metric: { __name__: 'up', job: 'api' }, value: [T, '1'] },
          { metric: { __name__: 'up', job: 'web' }, value: [T, 'NaN'] },
        ],
      },
    });
  });

  test('a scalar, a string, and infinities and small numbers as Go writes them', async () => {
    expect(await instant({ query: '-1/0', time: '1.5' })).toMatchObject({
      data: { resultType: 'scalar', result: [1.5, '-Inf'] },
    });
    expect(await instant({ query: '"hé"', time: '2025-06-01T02:00:00+02:00' })).toMatchObject({
      data: { resultType: 'string', result: [T, 'hé'] },
    });
    expect(await instant({ query: '{"http.requests"}' })).toMatchObject({
      data: { result: [{ metric: { 'http.route': '/ä' }, value: [T, '1e-07'] }] },
    });
  });

  test('a range selector gives its raw samples', async () => {
    expect(await instant({ query: 'up{job="api"}[600s]' })).toMatchObject({
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: { job: 'api' },
            values: [
              [T - 30, '0'],
              [T - 0.5, '1'],
            ],
          },
        ],
      },
    });
  });

  test('limit cuts the answer and says so; warnings and infos come along', async () => {
    const cut = await instant({ query: 'up', limit: '1' });
    expect(cut).toMatchObject({ warnings: ['results truncated due to limit'] });
    expect(cut).toMatchObject({ data: { result: [{ metric: { job: 'api' } }] } });
    expect(await instant({ query: 'quantile(2, up)' })).toMatchObject({
      warnings: ['PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)'],
    });
    expect(await instant({ query: 'rate(up[5m])' })).toHaveProperty('infos');
  });

  test.each([
    [
      { query: 'up[' },
      'bad_data',
      400,
      'invalid parameter "query": 1:4: parse error: unexpected end of input',
    ],
    [{}, 'bad_data', 400, 'no expression found in input'],
    [
      { query: 'up', time: 'yesterday' },
      'bad_data',
      400,
      'invalid parameter "time": cannot parse "yesterday"',
    ],
    [{ query: 'up', limit: '-1' }, 'bad_data', 400, 'limit must be a non-negative number'],
    [{ query: 'up', timeout: 'soon' }, 'bad_data', 400, 'invalid parameter "timeout"'],
    [{ query: 'up + on() up' }, 'execution', 422, 'found duplicate series'],
  ])('%j is refused', async (params, code, status, message) => {
    const fault = await faultOf(instant(params as Record<string, string>));
    expect(fault).toMatchObject({ code, status });
    expect(fault.message).toContain(message);
  });
});

describe('/query_range', () => {
  const ranged = (params: Record<string, string>): Promise<unknown> =>
    ask(
      queryRange(
        queries,
        form({ query: 'up', start: `${T - 30}`, end: `${T}`, step: '15s', ...params }),
        client,
      ),
    );

  test('a matrix, sorted by labels, a point only where there is a sample', async () => {
    expect(await ranged({})).toEqual({
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: { __name__: 'up', job: 'api' },
            values: [
              [T - 30, '0'],
              [T - 15, '0'],
              [T, '1'],
            ],
          },
          { metric: { __name__: 'up', job: 'web' }, values: [[T, 'NaN']] },
        ],
      },
    });
  });

  test('a large answer is sent in pieces and is still one JSON text', async () => {
    const response = await queryRange(
      queries,
      form({ query: 'vector(time())', start: '0', end: '10000', step: '1' }),
      client,
    );
    const pieces: number[] = [];
    for await (const piece of response.clone().body ?? []) pieces.push(piece.length);
    expect(pieces.length).toBeGreaterThan(1);
    expect(await response.json()).toMatchObject({ data: { result: [{ values: { length: 10_001 } }] } });
  });

  test.each([
    [{ end: '0' }, 'end timestamp must not be before start time'],
    [{ step: '0' }, 'zero or negative query resolution step widths are not accepted'],
    [{ step: '' }, 'invalid parameter "step"'],
    [{ start: '' }, 'invalid parameter "start": cannot parse "" to a valid timestamp'],
    [{ start: '0', step: '1' }, 'exceeded maximum resolution of 11,000 points per timeseries'],
    [{ query: '"x"' }, 'invalid expression type "string" for range query'],
  ])('%j is refused', async (params, message) => {
    const fault = await faultOf(ranged(params as Record<string, string>));
    expect(fault).toMatchObject({ code: 'bad_data', status: 400 });
    expect(fault.message).toContain(message);
  });
});

describe('names', () => {
  test('/series: the union of all selectors', async () => {
    const params = new URLSearchParams([
      ['match[]', 'up{job="web"}'],
      ['match[]', '{job=~"w.*"}'],
    ]);
    expect(await ask(series(reader, params, NOW))).toEqual({
      status: 'success',
      data: [{ __name__: 'up', job: 'web' }],
    });
    expect((await faultOf(series(reader, form({}), NOW))).message).toBe('no match[] parameter provided');
    expect(await ask(series(reader, form({ 'match[]': 'nothing' }), NOW))).toEqual({
      status: 'success',
      data: [],
    });
    expect((await faultOf(series(reader, form({ 'match[]': 'sum(up)' }), NOW))).code).toBe('bad_data');
    const past = form({ 'match[]': 'up', start: '5', end: '5' });
    expect(await ask(series(reader, past, NOW))).toMatchObject({ data: [] });
  });

  test('/labels and /label/<name>/values, with selectors, limits and escaped names', async () => {
    expect(await ask(labels(reader, form({}), NOW))).toMatchObject({
      data: ['__name__', 'http.route', 'job'],
    });
    expect(await ask(labels(reader, form({ 'match[]': 'up', limit: '1' }), NOW))).toEqual({
      status: 'success',
      data: ['__name__'],
      warnings: ['results truncated due to limit'],
    });
    expect(await ask(labelValues(reader, 'job', form({}), NOW))).toMatchObject({ data: ['api', 'web'] });
    expect(await ask(labelValues(reader, 'U__http_2e_route', form({}), NOW))).toMatchObject({ data: ['/ä'] });
    expect((await faultOf(labels(reader, form({ start: '9', end: '8' }), NOW))).message).toContain(
      'end timestamp must not be before start time',
    );
  });

  test('/metadata', async () => {
    expect(await ask(metadata(reader, form({ metric: 'up' })))).toEqual({
      status: 'success',
      data: { up: [{ type: 'gauge', help: 'alive', unit: '' }] },
    });
    expect(await ask(metadata(reader, form({ metric: 'nothing' })))).toMatchObject({ data: {} });
  });
});

test('/format_query', async () => {
  expect(await ask(formatQuery(form({ query: 'sum(a)by(b)' })))).toEqual({
    status: 'success',
    data: 'sum by (b) (a)',
  });
});

describe('/status', () => {
  const facts = {
    version: '0.1.0',
    startedAt: NOW,
    retentionMs: 15 * 86_400_000,
    queryTimeoutMs: 30_000,
    queryMaxSamples: 1000,
    configYaml: 'scrape_configs: []\n',
    store: { metrics: reader, stats: () => Promise.reject(new Error('not asked')) },
  };

  test.each([
    ['buildinfo', { version: expect.stringMatching(/^3\./), revision: 'chokepoint-0.1.0' }],
    ['config', { yaml: 'scrape_configs: []\n' }],
    ['flags', { 'query.timeout': '30s', 'storage.tsdb.retention.time': '15d' }],
    ['walreplay', { state: 'done' }],
  ])('%s', async (kind, data) => {
    expect(await ask(status(kind, facts, form({})))).toMatchObject({ data });
  });

  test('one that does not exist', async () => {
    const fault = await faultOf(status('nothing', facts, form({})));
    expect(fault).toMatchObject({ status: 404, code: 'not_found' });
  });
});
