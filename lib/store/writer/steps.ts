import { newRewrite, type Rewrite, writeRewrite } from './rewrite.ts';
import type { Shop } from './shop.ts';
import type { BlockKey } from './stored-blocks.ts';

/** One step takes groups up to this many, and up to this many samples, unless a single group has more. */
const GROUPS_AT_ONCE = 16;
const SAMPLES_AT_ONCE = 100_000;

/** Works on groups one after another, some of them in one step and transaction. */
export async function inSteps(
  shop: Shop,
  groups: Iterable<readonly [group: number, blocks: readonly BlockKey[]]>,
  work: (rewrite: Rewrite, group: number) => Promise<void>,
): Promise<void> {
  let waiting: number[] = [];
  let samples = 0;
  const step = async (): Promise<void> => {
    const numbers = waiting;
    waiting = [];
    samples = 0;
    await shop.steps.take(async () => {
      const rewrite = newRewrite();
      for (const group of numbers) await work(rewrite, group);
      await writeRewrite(shop, rewrite);
    });
  };
  for (const [group, blocks] of groups) {
    waiting.push(group);
    samples += blocks.reduce((sum, { count }) => sum + count, 0);
    if (waiting.length >= GROUPS_AT_ONCE || samples >= SAMPLES_AT_ONCE) await step();
  }
  if (waiting.length > 0) await step();
}
