import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeLabels } from '#lib/model/labels.ts';
import { decodeExemplars, encodeExemplars } from './exemplar-block.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const stored = fc.record({
  id: fc.maxSafeInteger().map(Math.abs),
  exemplar: fc.record({
    labels: fc
      .array(fc.tuple(fc.oneof(text, fc.constant('trace_id')), text), { maxLength: 3 })
      .map(makeLabels),
    value: fc.double(),
    timestamp: fc.integer({ min: 0, max: 2 ** 43 }),
  }),
});

describe('exemplars at rest', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(stored, { maxLength: 50 }), (list) => {
        list.sort((a, b) => a.exemplar.timestamp - b.exemplar.timestamp);
        expect(decodeExemplars(encodeExemplars(list))).toEqual(list);
      }),
    );
  });

  test('damaged bytes end in an error or in exemplars', () => {
    fc.assert(
      fc.property(fc.array(stored, { maxLength: 20 }), fc.nat(), fc.nat(255), (list, where, byte) => {
        const bytes = encodeExemplars(list);
        bytes[where % bytes.length] = byte;
        try {
          expect(decodeExemplars(bytes)).toBeInstanceOf(Array);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});
