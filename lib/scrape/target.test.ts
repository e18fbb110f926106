import { describe, expect, test } from 'vitest';
import { jobOf } from '#lib/config/config.testing.ts';
import { type Labels, labelsObject, makeLabels } from '#lib/model/labels.ts';
import { makeTarget, makeTargets, withTargetLabels } from './target.ts';

const make = (yaml: string, address = 'h:80', labels: Labels = []) =>
  makeTarget(jobOf(yaml), address, labels);

describe('a target', () => {
  test('gets job and instance, its URL and its times', () => {
    const made = make('scheme: https\nmetrics_path: /a b\nparams: {z: ["1", "2"], module: [x]}', 'h:80', [
      ['__meta_x', 'y'],
      ['team', 'a'],
    ]);
    expect(made).toMatchObject({
      kind: 'target',
      target: {
        url: 'https://h/a%20b?module=x&z=1&z=2'.replace('h/', 'h:80/'),
        labels: [
          ['instance', 'h:80'],
          ['job', 'shop'],
          ['team', 'a'],
        ],
        intervalMs: 60_000,
        timeoutMs: 10_000,
      },
    });
    expect(made.kind === 'target' && labelsObject(made.target.discoveredLabels)).toEqual({
      __address__: 'h:80',
      __meta_x: 'y',
      __metrics_path__: '/a b',
      __param_module: 'x',
      __param_z: '1',
      __scheme__: 'https',
      __scrape_interval__: '1m',
      __scrape_timeout__: '10s',
      job: 'shop',
      team: 'a',
    });
  });

  test('is steered by relabelling: the prober pattern', () => {
    const made = make(
      `params: {module: [http_2xx]}
relabel_configs:
  - {source_labels: [__address__], target_label: __param_target}
  - {source_labels: [__param_target], target_label: instance}
  - {target_label: __address__, replacement: "prober:9115"}
  - {target_label: __metrics_path__, replacement: /probe}
  - {target_label: __scrape_interval__, replacement: 30s}`,
      'shop.example.net',
    );
    expect(made).toMatchObject({
      target: {
        url: 'http://prober:9115/probe?module=http_2xx&target=shop.example.net',
        labels: [
          ['instance', 'shop.example.net'],
          ['job', 'shop'],
        ],
        intervalMs: 30_000,
      },
    });
  });

  test.each([
    ['dropped', 'relabel_configs: [{action: drop, source_labels: [job], regex: shop}]', { kind: 'dropped' }],
    [
      'no address',
      'relabel_configs: [{target_label: __address__, replacement: ""}]',
      { message: /no address/ },
    ],
    [
      'a path in the address',
      'relabel_configs: [{target_label: __address__, replacement: "a:1/x"}]',
      { message: /host:port/ },
    ],
    [
      'credentials in the address',
      'relabel_configs: [{target_label: __address__, replacement: "u@a:1"}]',
      { message: /address/ },
    ],
    [
      'a scheme',
      'relabel_configs: [{target_label: __scheme__, replacement: file}]',
      { message: /http or https/ },
    ],
    [
      'no interval',
      'relabel_configs: [{target_label: __scrape_interval__, replacement: "0s"}]',
      { message: /above 0/ },
    ],
    [
      'too long a timeout',
      'relabel_configs: [{target_label: __scrape_timeout__, replacement: "2m"}]',
      { message: /longer/ },
    ],
  ])('%s', (_, yaml, wanted) => {
    const made = make(yaml);
    if ('message' in wanted)
      expect(made).toMatchObject({ kind: 'problem', message: expect.stringMatching(wanted.message) });
    else expect(made).toMatchObject(wanted);
  });

  test('that is found twice is scraped once', () => {
    const groups = [
      { targets: ['a:1', 'a:1', 'b:1'], labels: [] },
      { targets: ['a:1'], labels: [] },
    ];
    expect(makeTargets(jobOf('scheme: http'), groups)).toHaveLength(2);
  });
});

describe('labels of a sample', () => {
  const TARGET = makeLabels([
    ['instance', 'h:80'],
    ['job', 'shop'],
  ]);
  test.each<[string, boolean, Labels, Record<string, string>]>([
    ['are added', false, [['a', '1']], { a: '1', instance: 'h:80', job: 'shop' }],
    ['that clash are renamed', false, [['job', 'x']], { exported_job: 'x', instance: 'h:80', job: 'shop' }],
    [
      'renamed until free',
      false,
      [
        ['job', 'x'],
        ['exported_job', 'y'],
      ],
      { exported_exported_job: 'x', exported_job: 'y', instance: 'h:80', job: 'shop' },
    ],
    ['that clash stay when honoured', true, [['job', 'x']], { instance: 'h:80', job: 'x' }],
    ['that are empty keep the target’s away when honoured', true, [['instance', '']], { job: 'shop' }],
    ['that are empty are no clash', false, [['instance', '']], { instance: 'h:80', job: 'shop' }],
  ])('%s', (_, honor, own, wanted) => {
    expect(Object.fromEntries(withTargetLabels(own, TARGET, honor))).toEqual(wanted);
  });
});
