import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** One full collection of this thread's heap when more than `above` bytes of it are in use; a thread without work never does one by itself. */
export function collectGarbage(above: number): void {
  if (getHeapStatistics().used_heap_size <= above) return;
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
