import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Labels, makeLabels } from '#lib/model/labels.ts';
import { packLabels, unpackLabels } from './group-labels.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const labelSets = fc.array(fc.array(fc.tuple(text, text), { maxLength: 6 }).map(makeLabels), {
  maxLength: 64,
});

describe('labels of a group', () => {
  test('come back in order', () => {
    fc.assert(
      fc.property(labelSets, (given) => {
        expect(unpackLabels(packLabels(given))).toEqual(given);
      }),
    );
  });

  test('a label more costs few bytes', () => {
    const sets: Labels[] = Array.from({ length: 64 }, (_, i) =>
      makeLabels([
        ['__name__', 'http_request_duration_seconds_bucket'],
        ['instance', `10.0.0.${i >> 4}:9090`],
        ['job', 'checkout'],
        ['le', String(0.005 * 2 ** (i & 15))],
      ]),
    );
    expect(packLabels(sets).length).toBeLessThan(700);
  });

  test('damaged bytes throw a RangeError', () => {
    fc.assert(
      fc.property(
        labelSets,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (given, where, flip, cut) => {
          const bytes = packLabels(given);
          const at = where % bytes.length;
          const damaged = cut ? bytes.slice(0, at) : bytes.slice();
          if (!cut) damaged[at] = (damaged[at] as number) ^ flip;
          expect(() => unpackLabels(damaged)).toThrow(RangeError);
        },
      ),
    );
  });
});
