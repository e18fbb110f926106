import { expect, test } from 'vitest';
import { csvCell, panelCsv } from './csv.ts';
import { testPanel } from './panel.fixture.ts';

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
  ['+1', "'+1"],
  ['-cmd', "'-cmd"],
  ['@sum', "'@sum"],
  ['\tx', "'\tx"],
])('cell %j becomes %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

test('a panel is one row per point; a gap is an empty cell and a negative number stays a number', () => {
  const panel = testPanel({ values: { '=evil': [1.5, null], b: [-2, 3] } });
  expect(panelCsv(panel, 'UTC')).toBe(
    "time (UTC),'=evil (ms),b (ms)\r\n2026-11-20 12:00:10.000,1.5,-2\r\n2026-11-20 12:00:20.000,,3\r\n",
  );
});
