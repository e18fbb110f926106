import { expect, test } from 'vitest';
import type { WaterfallRow } from './waterfall.ts';
import { treeMove } from './waterfall-keys.ts';

const row = (parent: number, descendants: number) => ({ parent, descendants }) as WaterfallRow;
// 0 ─ 1 ─ 2
//   └ 3      4
const rows = [row(-1, 3), row(0, 1), row(1, 0), row(0, 0), row(-1, 0)];
const all = [0, 1, 2, 3, 4];

const select = (index: number) => ({ do: 'select', index });
const toggle = (index: number, open: boolean) => ({ do: 'toggle', index, open });

test.each([
  ['ArrowDown', undefined, [], select(0)],
  ['ArrowDown', 4, [], select(4)],
  ['ArrowDown', 1, [1], select(3)],
  ['ArrowUp', 3, [1], select(1)],
  ['ArrowUp', undefined, [], select(0)],
  ['Home', 3, [], select(0)],
  ['End', 0, [], select(4)],
  ['PageDown', 1, [], select(4)],
  ['ArrowLeft', 1, [], toggle(1, false)],
  ['ArrowLeft', 1, [1], select(0)],
  ['ArrowLeft', 0, [0], undefined],
  ['ArrowLeft', 2, [], select(1)],
  ['ArrowRight', 1, [1], toggle(1, true)],
  ['ArrowRight', 1, [], select(2)],
  ['ArrowRight', 2, [], undefined],
  ['ArrowRight', undefined, [], undefined],
  ['Enter', 2, [], { do: 'details' }],
  ['Enter', undefined, [], undefined],
  ['a', 2, [], undefined],
  ['constructor', 2, [], undefined],
])('%s on %s with %j closed', (key, selected, closed, move) => {
  const collapsed = new Set(closed);
  const visible = all.filter((i) => !(collapsed.has(1) && i === 2) && !(collapsed.has(0) && i > 0 && i < 4));
  expect(treeMove(key, { rows, visible, collapsed, selected })).toEqual(move);
});
