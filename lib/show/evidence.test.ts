import { describe, expect, test } from 'vitest';
import type { Evidence } from '#lib/model/finding.ts';
import { evidenceModel } from './evidence.ts';

const evidence = (given: Partial<Evidence>): Evidence => ({
  kind: 'statistic',
  title: 'p95',
  link: '/services/shop',
  ...given,
});

describe('evidenceModel', () => {
  test('numbers on one scale, with the change in words', () => {
    const model = evidenceModel(evidence({ value: 400, baseline: 100, threshold: 200, unit: 'ms' }));
    expect(model).toMatchObject({
      value: '400 ms',
      baseline: '100 ms',
      threshold: '200 ms',
      change: '×4',
      scale: { value: 1, baseline: 0.25, threshold: 0.5 },
    });
  });

  test('a drop is drawn against what it was', () => {
    const model = evidenceModel(evidence({ value: 10, baseline: 40, unit: 'per-second' }));
    expect(model.scale).toEqual({ value: 0.25, baseline: 1 });
    expect(model.change).toBe('−75 %');
  });

  test.each([
    ['nothing to compare with', { value: 5 }],
    ['no value', { baseline: 5 }],
    ['all zero', { value: 0, baseline: 0, threshold: 0 }],
    ['not finite', { value: Number.POSITIVE_INFINITY, baseline: 1 }],
  ])('no scale: %s', (_, numbers) => {
    expect(evidenceModel(evidence(numbers)).scale).toBeUndefined();
  });

  test('an unknown unit is written as a plain number', () => {
    expect(evidenceModel(evidence({ value: 12, unit: 'parsecs' })).value).toBe('12');
  });

  test('a query is explored over the finding’s time', () => {
    const model = evidenceModel(evidence({ kind: 'series', promql: 'a{b="c"}' }), undefined, {
      from: 1,
      to: 2,
    });
    expect(model.explore).toBe('/explore?q=a%7Bb%3D%22c%22%7D&from=1&to=2');
    expect(evidenceModel(evidence({})).explore).toBeUndefined();
  });

  test.each([
    ['/traces/abc?span=1', 'See the trace'],
    ['/queries/12?from=1&to=2', 'See the query'],
    ['/services/a%2Fb', 'See the service'],
    ['/explore?query=up', undefined],
    ['/events?id=1', undefined],
    ['//evil.example/traces', undefined],
    ['javascript:alert(1)', undefined],
    ['https://evil.example/traces/1', undefined],
  ])('%s', (link, label) => {
    expect(evidenceModel(evidence({ link })).link?.label).toBe(label);
  });
});
