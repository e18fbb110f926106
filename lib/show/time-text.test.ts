import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromInput, rangeText, toInput } from './range-text.ts';
import { clockText, dateTimeText, isoText, zoneOffsetMs } from './time-text.ts';

const noon = Date.UTC(2026, 10, 20, 12, 5, 9, 250);

test('an instant is written on the clock of the zone', () => {
  expect(clockText(noon, 'UTC')).toBe('12:05:09');
  expect(clockText(noon, 'Europe/Berlin')).toBe('13:05:09');
  expect(dateTimeText(noon, 'Pacific/Auckland')).toBe('Nov 21, 01:05:09');
  expect(isoText(noon, 'UTC')).toBe('2026-11-20 12:05:09.250');
});

test('offsets follow daylight saving time', () => {
  expect(zoneOffsetMs(Date.UTC(2026, 6, 1), 'Europe/Berlin')).toBe(7_200_000);
  expect(zoneOffsetMs(noon, 'Europe/Berlin')).toBe(3_600_000);
});

describe('range', () => {
  const at = (hour: number, minute = 0) => String(Date.UTC(2026, 10, 20, hour, minute));
  test.each([
    ['now-1h', 'now', 'Last 1 hour'],
    ['now-6h', 'now-1h', 'now-6h to now-1h'],
    [at(14, 5), at(15, 5), 'Nov 20, 14:05 – 15:05'],
    [at(23), String(Date.UTC(2026, 10, 21, 1)), 'Nov 20, 23:00 – Nov 21, 01:00'],
    [at(14), String(Date.UTC(2026, 10, 20, 14, 0, 30)), 'Nov 20, 14:00:00 – 14:00:30'],
    ['nonsense', 'now', 'nonsense to now'],
  ])('%s … %s is "%s"', (from, to, text) => {
    expect(rangeText(from, to, 'UTC')).toBe(text);
  });

  test.each([
    ['2026-11-20 14:05', 'UTC', at(14, 5)],
    ['2026-11-20 14:05:00', 'Europe/Berlin', at(13, 5)],
    ['2026-11-20', 'UTC', at(0)],
    ['now-6h', 'UTC', 'now-6h'],
    ['2026-11-20T14:05:00Z', 'Europe/Berlin', '2026-11-20T14:05:00Z'],
    ['yesterday', 'UTC', undefined],
    ['2026-13-45 99:99', 'UTC', undefined],
  ])('typed "%s" in %s means %s', (typed, zone, text) => {
    expect(fromInput(typed, zone)).toBe(text);
  });

  test('what is shown in the input means what it meant', () => {
    const zones = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns'];
    fc.assert(
      fc.property(
        fc.integer({ min: 946_684_800, max: 4_000_000_000 }),
        fc.constantFrom(...zones),
        (seconds, zone) => {
          const back = Number(fromInput(toInput(String(seconds * 1000), zone), zone));
          // The hour that a clock shows twice in autumn may be read as either.
          expect([0, 3600, -3600]).toContain(back / 1000 - seconds);
        },
      ),
    );
  });
});
