import { nextTurn } from '#lib/store/next-turn.ts';

/** What all senders together may take of one turn of the event loop. */
const TURN_MS = 8;

let began: number | undefined;

/**
 * Waits until decoding may go on: bodies that arrive together would otherwise be one long stretch in which nobody else is
 * served. Where there is time left in this turn, that is at once.
 */
export async function turn(): Promise<void> {
  for (;;) {
    if (began === undefined) {
      began = performance.now();
      setImmediate(() => {
        began = undefined;
      });
      return;
    }
    if (performance.now() - began < TURN_MS) return;
    await nextTurn();
  }
}
