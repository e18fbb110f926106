import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const AFTER_START_MS = 10_000;

/**
 * Loading the pages leaves a heap twice the size of what lives in it, and an idle process would keep it: one full
 * collection after the start gives it back to the machine.
 */
export function settleMemory(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
  }, AFTER_START_MS).unref();
}
