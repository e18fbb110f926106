import { Fault } from '#lib/model/fault.ts';
import { canceledFault, timeoutFault } from '../promql/fault.ts';

interface Waiting {
  readonly go: () => void;
}

const MAX_WAITING = 500;

/** Lets a few evaluations run at a time. Callers take turns, so that one with many queries does not hold up another with one. */
export class Turns {
  readonly #atOnce: number;
  /** Queues by caller; the caller at the front is next. */
  readonly #queues = new Map<string, Waiting[]>();
  #running = 0;
  #waiting = 0;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /**
   * Waits for a turn; call what it gives when done.
   * @throws Fault 503 `timeout` after `timeoutMs`, 503 `unavailable` when too many wait, `canceled` when the signal aborts
   */
  async take(caller: string, signal: AbortSignal, timeoutMs: number): Promise<() => void> {
    if (this.#running >= this.#atOnce) await this.#wait(caller, signal, timeoutMs);
    else this.#running++;
    let held = true;
    return () => {
      if (held) this.#release();
      held = false;
    };
  }

  #wait(caller: string, signal: AbortSignal, timeoutMs: number): Promise<void> {
    if (this.#waiting >= MAX_WAITING)
      throw new Fault(
        503,
        'unavailable',
        `${MAX_WAITING} queries are waiting already; ask again in a moment, or less often`,
        { headers: { 'retry-after': '5' } },
      );
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const waiting: Waiting = {
        go: () => {
          finish();
          resolve();
        },
      };
      const giveUp = (fault: Fault): void => {
        finish();
        this.#remove(caller, waiting);
        reject(fault);
      };
      const onAbort = (): void => giveUp(canceledFault('query was canceled in query queue'));
      const timer = setTimeout(
        () =>
          giveUp(timeoutFault('query timed out in query queue; ask again when the server has less to do')),
        timeoutMs,
      );
      signal.addEventListener('abort', onAbort, { once: true });
      const queue = this.#queues.get(caller);
      if (queue) queue.push(waiting);
      else this.#queues.set(caller, [waiting]);
      this.#waiting++;
    });
  }

  #remove(caller: string, waiting: Waiting): void {
    const queue = this.#queues.get(caller) ?? [];
    const at = queue.indexOf(waiting);
    if (at < 0) return;
    queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(caller);
    this.#waiting--;
  }

  #release(): void {
    const [next] = this.#queues;
    const waiting = next?.[1].shift();
    if (!next || !waiting) {
      this.#running--;
      return;
    }
    const [caller, queue] = next;
    this.#queues.delete(caller);
    if (queue.length) this.#queues.set(caller, queue);
    this.#waiting--;
    waiting.go();
  }
}
