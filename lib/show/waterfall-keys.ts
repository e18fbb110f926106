import type { WaterfallRow } from './waterfall.ts';

const PAGE = 15;

/** What a key does in the tree of spans. */
export type TreeMove =
  | { readonly do: 'select'; readonly index: number }
  | { readonly do: 'toggle'; readonly index: number; readonly open: boolean }
  | { readonly do: 'details' };

export interface TreeState {
  readonly rows: readonly WaterfallRow[];
  /** Indices of the rows in sight. */
  readonly visible: readonly number[];
  readonly collapsed: ReadonlySet<number>;
  readonly selected: number | undefined;
}

/** Keys of a tree as the ARIA practices have them; undefined for a key that is not the tree's. */
export function treeMove(key: string, state: TreeState): TreeMove | undefined {
  const { visible, selected } = state;
  if (key === 'Enter' || key === ' ') return selected === undefined ? undefined : { do: 'details' };
  if (key === 'ArrowLeft' || key === 'ArrowRight') return sideways(key, state);
  const at = selected === undefined ? -1 : visible.indexOf(selected);
  const last = visible.length - 1;
  const to = new Map([
    ['ArrowDown', at + 1],
    ['ArrowUp', at - 1],
    ['Home', 0],
    ['End', last],
    ['PageDown', at + PAGE],
    ['PageUp', at - PAGE],
  ]).get(key);
  const index = to === undefined ? undefined : visible[Math.max(0, Math.min(last, to))];
  return index === undefined ? undefined : { do: 'select', index };
}

/** ← closes, or goes to the parent; → opens, or goes to the first child. */
function sideways(key: 'ArrowLeft' | 'ArrowRight', state: TreeState): TreeMove | undefined {
  const { rows, collapsed, selected } = state;
  const row = selected === undefined ? undefined : rows[selected];
  if (selected === undefined || !row) return undefined;
  const isOpen = row.descendants > 0 && !collapsed.has(selected);
  if (key === 'ArrowLeft') {
    if (isOpen) return { do: 'toggle', index: selected, open: false };
    return row.parent < 0 ? undefined : { do: 'select', index: row.parent };
  }
  if (isOpen) return { do: 'select', index: selected + 1 };
  return row.descendants > 0 ? { do: 'toggle', index: selected, open: true } : undefined;
}
