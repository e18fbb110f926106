// biome-ignore-all lint/suspicious/noTemplateCurlyInString: relabelling writes its references so
import { describe, expect, test } from 'vitest';
import { jobOf } from '#lib/config/config.testing.ts';
import { relabel } from './relabel.ts';

type Pairs = Record<string, string>;

/** Labels after the rule (YAML in flow style); undefined when it drops. */
function after(rule: string, given: Pairs): Pairs | undefined {
  const { relabel: rules } = jobOf(`relabel_configs: [${rule}]`);
  const labels = new Map(Object.entries(given));
  return relabel(labels, rules) ? Object.fromEntries(labels) : undefined;
}

const POD = { __meta_pod: 'shop-7', app: 'shop', zone: 'eu-1a' };

describe('replace', () => {
  test.each<[string, string, Pairs, Pairs]>([
    ['copies the source', '{source_labels: [a], target_label: b}', { a: 'x' }, { a: 'x', b: 'x' }],
    [
      'joins with ;',
      '{source_labels: [a, b], target_label: c}',
      { a: '1', b: '2' },
      { a: '1', b: '2', c: '1;2' },
    ],
    [
      'joins with the separator',
      '{source_labels: [a, b], separator: "/", target_label: c}',
      { a: '1' },
      { a: '1', c: '1/' },
    ],
    ['sets a constant', '{target_label: env, replacement: prod}', {}, { env: 'prod' }],
    ['removes with an empty replacement', '{target_label: a, replacement: ""}', { a: '1' }, {}],
    ['an empty source empties the target', '{source_labels: [gone], target_label: a}', { a: '1' }, {}],
    [
      'a regex that does not match changes nothing',
      '{source_labels: [a], regex: "\\\\d+", target_label: b}',
      { a: 'x1' },
      { a: 'x1' },
    ],
    [
      'groups',
      '{source_labels: [a], regex: "(.+):(\\\\d+)", target_label: b, replacement: "${2}-$1"}',
      { a: 'h:80' },
      { a: 'h:80', b: '80-h' },
    ],
    [
      'named groups',
      '{source_labels: [a], regex: "(?P<host>[^:]+).*", target_label: b, replacement: "$host"}',
      { a: 'h:80' },
      { a: 'h:80', b: 'h' },
    ],
    [
      'the longest name counts',
      '{source_labels: [a], regex: "(.*)", target_label: b, replacement: "$1x"}',
      { a: 'v', b: 'w' },
      { a: 'v' },
    ],
    [
      'unknown groups are empty',
      '{source_labels: [a], target_label: b, replacement: "<$7>"}',
      { a: 'v' },
      { a: 'v', b: '<>' },
    ],
    [
      'a dollar sign',
      '{source_labels: [a], target_label: b, replacement: "$$1"}',
      { a: 'v' },
      { a: 'v', b: '$1' },
    ],
    [
      'the target from the source',
      '{source_labels: [a], regex: "(.*)=(.*)", target_label: "l_$1", replacement: "$2"}',
      { a: 'k=v' },
      { a: 'k=v', l_k: 'v' },
    ],
    [
      'a dot matches a line break',
      '{source_labels: [a], regex: "x.y", target_label: b, replacement: yes}',
      { a: 'x\ny' },
      { a: 'x\ny', b: 'yes' },
    ],
    [
      'alternatives are anchored as a whole',
      '{source_labels: [a], regex: "x|y", target_label: b, replacement: hit}',
      { a: 'xz' },
      { a: 'xz' },
    ],
  ])('%s', (_, rule, given, wanted) => {
    expect(after(rule, given)).toEqual(wanted);
  });
});

describe('other actions', () => {
  test.each<[string, Pairs, Pairs | undefined]>([
    ['{action: keep, source_labels: [app], regex: shop|bar}', POD, POD],
    ['{action: keep, source_labels: [app], regex: sho}', POD, undefined],
    ['{action: drop, source_labels: [app], regex: sh.*}', POD, undefined],
    ['{action: drop, source_labels: [gone], regex: .+}', POD, POD],
    ['{action: Keep, source_labels: [gone], regex: ""}', POD, POD],
    ['{action: keepequal, source_labels: [a], target_label: b}', { a: '1', b: '1' }, { a: '1', b: '1' }],
    ['{action: keepequal, source_labels: [a], target_label: b}', { a: '1', b: '2' }, undefined],
    ['{action: dropequal, source_labels: [a], target_label: b}', { a: '1', b: '1' }, undefined],
    ['{action: dropequal, source_labels: [a], target_label: b}', { a: '1' }, { a: '1' }],
    ['{action: lowercase, source_labels: [a], target_label: b}', { a: 'ÄB' }, { a: 'ÄB', b: 'äb' }],
    ['{action: uppercase, source_labels: [a], target_label: a}', { a: 'ab' }, { a: 'AB' }],
    ['{action: labelmap, regex: "__meta_(.+)"}', POD, { ...POD, pod: 'shop-7' }],
    ['{action: labelmap, regex: "(a)pp", replacement: "x_${1}"}', POD, { ...POD, x_a: 'shop' }],
    ['{action: labeldrop, regex: "z.*"}', POD, { __meta_pod: 'shop-7', app: 'shop' }],
    ['{action: labelkeep, regex: app}', POD, { app: 'shop' }],
    // The last 8 bytes of md5("foo") are edef654fccc4a4d8.
    [
      '{action: hashmod, source_labels: [a], target_label: h, modulus: 8}',
      { a: 'foo' },
      { a: 'foo', h: '0' },
    ],
    [
      '{action: hashmod, source_labels: [a], target_label: h, modulus: 1000}',
      { a: 'foo' },
      { a: 'foo', h: '696' },
    ],
  ])('%s', (rule, given, wanted) => {
    expect(after(rule, given)).toEqual(wanted);
  });
});

test('rules run in order, and nothing after a drop', () => {
  const rules =
    '{target_label: a, replacement: x}, {source_labels: [a], target_label: b}, {action: labeldrop, regex: a}';
  expect(after(rules, {})).toEqual({ b: 'x' });
});
