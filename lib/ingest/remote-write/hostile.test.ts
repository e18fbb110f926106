import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFault } from '#lib/model/fault.ts';
import type { Label } from '#lib/model/labels.ts';
import { cpuMillis } from '../cpu.testing.ts';
import { RemoteWriteDecoder } from './decode.ts';
import { body } from './encode.testing.ts';

const up = (...extra: Label[]): Label[] => [['__name__', 'up'], ...extra];
// One decoder for all: whatever it was fed before, it goes on.
const decoder = new RemoteWriteDecoder();

describe('hostile bytes', () => {
  const whole = body(
    {
      labels: up(['job', 'api'], ['instance', '10.0.0.1:80']),
      samples: [
        [1_700_000_000_000, 1.5],
        [1_700_000_015_000, 2.5],
      ],
    },
    { labels: up(['job', 'db']), samples: [[1_700_000_000_000, 3]] },
  );
  const survives = (bytes: Uint8Array) => {
    const millis = cpuMillis(() => {
      try {
        const { batch } = decoder.decode(bytes);
        expect(batch.offsets.at(-1)).toBe(batch.values.length);
        expect(batch.offsets).toHaveLength(batch.series.length + 1);
      } catch (error) {
        expect(isFault(error) && error.status).toBe(400);
      }
    });
    expect(millis).toBeLessThan(50);
  };

  test('cut at every byte', () => {
    for (let length = 0; length < whole.length; length++) survives(whole.subarray(0, length));
  });

  test('every byte changed', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: whole.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        fc.nat({ max: whole.length - 1 }),
        fc.integer({ min: 0, max: 255 }),
        (at, to, at2, to2) => {
          const bytes = Buffer.from(whole);
          bytes[at] = to;
          bytes[at2] = to2;
          survives(bytes);
        },
      ),
      { numRuns: 1000 },
    );
    expect(decoder.decode(whole).batch.series).toHaveLength(2);
  });

  test('random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 1000 });
  });
});
