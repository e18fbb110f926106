import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wordsOf } from '#lib/model/metrics.ts';
import { joinColumns } from './columns.ts';
import { SampleArena } from './sample-arena.ts';

/** Appends to random slots, some of them late or repeated. */
const appends = fc.array(
  fc.tuple(
    fc.nat(5),
    fc.array(fc.tuple(fc.oneof(fc.nat(60), fc.nat(1e6)), fc.integer({ min: 0, max: 3 })), { maxLength: 30 }),
  ),
  { maxLength: 20 },
);

describe('sample arena', () => {
  test('answers like a plain map in which the first value for a time stays', () => {
    fc.assert(
      fc.property(appends, fc.nat(1000), fc.nat(1e6), (rounds, from, width) => {
        const arena = new SampleArena();
        const model = new Map<number, Map<number, number>>();
        for (const [slot, samples] of rounds) {
          const timestamps = Float64Array.from(samples, ([at]) => at);
          const values = Float64Array.from(samples, ([, value]) => value);
          arena.ensure(slot + 1);
          const conflicts = arena.append(slot, timestamps, wordsOf(values), 0, samples.length);
          const known = model.get(slot) ?? new Map<number, number>();
          model.set(slot, known);
          let expected = 0;
          for (const [at, value] of samples) {
            const before = known.get(at);
            if (before === undefined) known.set(at, value);
            else if (before !== value) expected++;
          }
          expect(conflicts).toBe(expected);
        }
        for (let slot = 0; slot < 7; slot++) {
          const kept = [...(model.get(slot) ?? [])]
            .filter(([at]) => at >= from && at <= from + width)
            .sort(([a], [b]) => a - b);
          const read = arena.read(slot, from, from + width);
          expect([...(read?.timestamps ?? [])]).toEqual(kept.map(([at]) => at));
          expect([...(read?.values ?? [])]).toEqual(kept.map(([, value]) => value));
        }
        const total = [...model.values()].reduce((sum, known) => sum + known.size, 0);
        expect(arena.count).toBe(total);
      }),
    );
  });

  test('joining keeps the earlier part where two hold the same time', () => {
    const part = (...rows: [number, number][]) => ({
      timestamps: Float64Array.from(rows, ([at]) => at),
      values: Float64Array.from(rows, ([, value]) => value),
    });
    const joined = joinColumns([part([1, 1], [3, 3]), part([2, 20], [3, 30]), part([3, 300])]);
    expect(joined).toEqual(part([1, 1], [2, 20], [3, 3]));
    expect(joinColumns([])).toBeUndefined();
  });
});
