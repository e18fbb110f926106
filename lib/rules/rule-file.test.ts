import { expect, test } from 'vitest';
import { ConfigError } from '#lib/config/problem.ts';
import { parseRuleFile } from './rule-file.ts';

const DEFAULTS = { intervalMs: 60_000, queryOffsetMs: 0 };
const read = (content: string) => parseRuleFile(content, 'rules.yml', DEFAULTS);

test('reads groups with their recording and alerting rules', () => {
  const groups = read(`
groups:
  - name: shop
    interval: 15s
    limit: 100
    query_offset: 30s
    labels: { team: core, env: prod }
    rules:
      - record: job:requests:rate5m
        expr: sum by (job) (rate(http_requests_total[5m]))
        labels: { env: test }
      - alert: NoRequests
        expr: job:requests:rate5m == 0
        for: 5m
        keep_firing_for: 10m
        annotations: { summary: 'nothing from {{ $labels.job }}' }
  - name: empty
`);
  expect(groups).toEqual([
    {
      file: 'rules.yml',
      name: 'shop',
      intervalMs: 15_000,
      limit: 100,
      queryOffsetMs: 30_000,
      rules: [
        {
          kind: 'recording',
          name: 'job:requests:rate5m',
          expr: 'sum by (job) (rate(http_requests_total[5m]))',
          labels: [
            ['team', 'core'],
            ['env', 'test'],
          ],
        },
        {
          kind: 'alerting',
          name: 'NoRequests',
          expr: 'job:requests:rate5m == 0',
          labels: [
            ['env', 'prod'],
            ['team', 'core'],
          ],
          forMs: 300_000,
          keepFiringForMs: 600_000,
          annotations: [['summary', 'nothing from {{ $labels.job }}']],
        },
      ],
    },
    { file: 'rules.yml', name: 'empty', intervalMs: 60_000, limit: 0, queryOffsetMs: 0, rules: [] },
  ]);
});

test.each([
  ['an empty file', ''],
  ['no groups', 'groups:\n'],
])('%s holds no rules', (_, content) => {
  expect(read(content)).toEqual([]);
});

test.each([
  ['an unknown key', 'groups:\n  - name: a\n    intervall: 1m\n', /rules.yml:3: .*did you mean 'interval'/],
  ['a broken expression', group('- record: x\n        expr: sum(\n'), /rules.yml:5: .*parse error/],
  ['a range vector', group('- record: x\n        expr: y[5m]\n'), /:5: .*instant vector or a scalar/],
  ['neither record nor alert', group('- expr: up\n'), /:4: .*either 'record' or 'alert'/],
  ['both', group('- record: x\n        alert: X\n        expr: up\n'), /either 'record' or 'alert'/],
  ['no expression', group('- record: x\n'), /expr: is missing/],
  ['for on a recording rule', group('- record: x\n        expr: up\n        for: 5m\n'), /:6: .*no 'for'/],
  ['an expression as a name', group('- record: sum(x)\n        expr: up\n'), /not a metric name/],
  ['a rule twice', group('- { record: x, expr: up }\n      - { record: x, expr: down }\n'), /:5: .*twice/],
  ['a group twice', 'groups:\n  - name: a\n  - name: a\n', /:3: .*twice/],
  ['broken YAML', 'groups: [\n', /not valid YAML/],
])('refuses %s, naming the line', (_, content, message) => {
  expect(() => read(content)).toThrow(ConfigError);
  expect(() => read(content)).toThrow(message);
});

test('tells all problems of a file at once', () => {
  const content = group('- { record: x, expr: "up +" }\n      - { alert: y, expr: "rate(up)" }\n');
  try {
    read(content);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems.map(({ line }) => line)).toEqual([4, 5]);
  }
});

function group(rules: string): string {
  return `groups:\n  - name: a\n    rules:\n      ${rules}`;
}
