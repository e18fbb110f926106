import { describe, expect, test } from 'vitest';
import { MemoryReader } from './memory-reader.ts';
import { at, faultOf, MINUTE, range, shop } from './shop.ts';

describe('joins', () => {
  test('group_left copies labels of the one side and keeps the many', async () => {
    expect(await at(shop(), 'hits_total * on(job) group_left(team) owner_info')).toEqual({
      '{"instance":"a","job":"api","team":"blue"}': 30,
      '{"instance":"b","job":"api","team":"blue"}': 60,
    });
  });

  test.each([
    ['hits_total + on(job) owner_info', 'multiple matches for labels: many-to-one matching must be explicit'],
    [
      'owner_info + on(job) hits_total',
      'found duplicate series for the match group {job="api"} on the right hand-side',
    ],
    ['hits_total + on(job) group_left() hits_total', 'found duplicate series for the match group'],
    ['owner_info + on(job) group_right(instance) hits_total', 'grouping labels must ensure unique matches'],
    ['label_replace(hits_total, "instance", "same", "", "")', 'same labelset'],
    [
      'rate({job="api"}[5m]) + 0 or label_replace(rate({job="api"}[5m]), "instance", "", "", "")',
      'same labelset',
    ],
  ])('%s is refused', async (query, message) => {
    const fault = await faultOf(at(shop(), query));
    expect(fault).toMatchObject({ status: 422, code: 'execution' });
    expect(fault.message).toContain(message);
  });

  test('series that never meet at a step may share a label set', async () => {
    const reader = new MemoryReader()
      .add(
        [
          ['__name__', 'x'],
          ['pod', '1'],
        ],
        [[0, 1]],
      )
      .add(
        [
          ['__name__', 'x'],
          ['pod', '2'],
        ],
        [[10 * MINUTE, 2]],
      );
    const { data } = await range(reader, 'label_replace(x, "pod", "", "", "") + 0', {
      endMs: 10 * MINUTE,
      stepMs: 10 * MINUTE,
    });
    expect(data.series.map(({ labels, values }) => [labels, [...values]])).toEqual([[[], [1, 2]]]);
  });
});
