import { nextTurn } from './next-turn.ts';

/** Well below what a person or a sender would notice. */
const SLICE_MS = 8;

/** For long loops: `if (slice.over()) await slice.next()` lets others have the event loop now and then. */
export class SliceOfTime {
  private since = performance.now();

  over(): boolean {
    return performance.now() - this.since >= SLICE_MS;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.since = performance.now();
  }
}
