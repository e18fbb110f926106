import type { Database } from '../database.ts';
import { META } from '../resting.ts';
import { readFact, setFact, type Transaction } from './facts.ts';

/** A block of two hours that is not joined to its last form. */
export interface UnmergedBlock {
  readonly start: number;
  /** Log row up to which samples may have come since. */
  readonly upTo: number;
  /** Joined already; waits for its day. */
  readonly joined: boolean;
}

type Noted = readonly [start: number, upTo: number, joined: 0 | 1];

/** Ascending by start. */
export async function readUnmerged(db: Database | Transaction): Promise<UnmergedBlock[]> {
  const noted: Noted[] = JSON.parse((await readFact(db, META.unmerged)) ?? '[]');
  return noted.map(([start, upTo, joined]) => ({ start, upTo, joined: joined === 1 }));
}

/** Notes blocks that got new rows. */
export async function noteUnmerged(tx: Transaction, starts: Iterable<number>, upTo: number): Promise<void> {
  const added = [...starts].map((start) => ({ start, upTo, joined: false }));
  if (added.length === 0) return;
  await write(tx, [...(await readUnmerged(tx)), ...added]);
}

/** @param done as they were read: what came since stays noted */
export async function noteMerged(
  tx: Transaction,
  done: readonly UnmergedBlock[],
  kind: 'joined' | 'finished',
): Promise<void> {
  const byStart = new Map(done.map((block) => [block.start, block]));
  const left = (await readUnmerged(tx)).flatMap((block) => {
    if (byStart.get(block.start)?.upTo !== block.upTo) return [block];
    return kind === 'joined' ? [{ ...block, joined: true }] : [];
  });
  await write(tx, left);
}

async function write(tx: Transaction, blocks: readonly UnmergedBlock[]): Promise<void> {
  // The last note of a block says it all.
  const latest = new Map(blocks.map((block) => [block.start, block]));
  const noted = [...latest.values()]
    .sort((a, b) => a.start - b.start)
    .map(({ start, upTo, joined }): Noted => [start, upTo, joined ? 1 : 0]);
  await setFact(tx, META.unmerged, JSON.stringify(noted));
}
