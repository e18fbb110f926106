import { Worker } from 'node:worker_threads';
import { Fault } from '#lib/model/fault.ts';
import type { Log } from '#lib/platform/log.ts';
import type { LogRow } from '../head.ts';
import type { OperationName, Reply, Request, WorkerData, WriterOperations } from './messages.ts';

/** Bytes of log that share one commit at most. */
const MAX_GROUP = 16 * 2 ** 20;
const RESTART_EVERY_MS = 1000;
/** Several times what a compaction needs; without a bound the thread would rather grow than collect. */
const MAX_HEAP_MB = 768;
const MAX_YOUNG_MB = 48;

interface Waiting {
  readonly row: LogRow;
  readonly size: number;
  readonly committed: () => void;
  /** The row is on disk and was made visible by replaying the log. */
  readonly replayed: () => void;
  readonly failed: (error: Fault) => void;
}

const notWritable = (cause: unknown): Fault =>
  new Fault(
    503,
    'store-not-writable',
    `the database did not take the data (${cause instanceof Error ? cause.message.trim().split('\n').at(-1) : cause}): check its disk space and rights, then send again`,
    { headers: { 'retry-after': '5' }, cause },
  );

/** Talks to the writer thread: group commit for the log, plain calls for the rest. */
export class WriterClient {
  private worker: Worker;
  private calls = 0;
  private readonly pending = new Map<
    number,
    { resolve: (output: unknown) => void; reject: (error: unknown) => void }
  >();
  private queue: Waiting[] = [];
  private committing = false;
  private startedAt = 0;
  private replayedTo = 0;
  private closing = false;
  private readonly data: WorkerData;
  private readonly log: Log;
  /** Replays rows that were committed without an answer; gives the id of the newest one on disk. */
  private readonly recovered: () => Promise<number>;
  /** Called when a commit failed or succeeded. */
  private readonly health: (ok: boolean) => void;

  constructor(data: WorkerData, log: Log, recovered: () => Promise<number>, health: (ok: boolean) => void) {
    this.data = data;
    this.log = log;
    this.recovered = recovered;
    this.health = health;
    this.worker = this.start();
  }

  /**
   * @param committed runs once the row is on disk, in the order of ids and before the promise resolves
   * @returns rejects with a 503 Fault when the row is not on disk
   */
  append(row: LogRow, committed: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.queue.push({
        row,
        size: row.data.length,
        committed: () => {
          try {
            committed();
            resolve();
          } catch (error) {
            reject(error);
          }
        },
        replayed: resolve,
        failed: reject,
      });
      this.commitNext();
    });
  }

  call<K extends OperationName>(
    name: K,
    input: WriterOperations[K][0],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<WriterOperations[K][1]> {
    const call = this.calls++;
    return new Promise((resolve, reject) => {
      this.pending.set(call, { resolve: resolve as (output: unknown) => void, reject });
      const request: Request<K> = { call, name, input };
      this.worker.postMessage(request, transfer);
    });
  }

  /** Waits for what is queued, then ends the thread. */
  async close(): Promise<void> {
    if (this.closing) return;
    while (this.queue.length > 0 || this.committing) await new Promise((r) => setTimeout(r, 5));
    this.closing = true;
    await this.call('close', undefined).catch((error: unknown) =>
      this.log.warn('closing the database failed', { error: String(error) }),
    );
    await this.worker.terminate();
  }

  /** Ends the thread at once; for tests of what happens then. */
  async kill(): Promise<void> {
    await this.worker.terminate();
  }

  private commitNext(): void {
    if (this.committing || this.queue.length === 0) return;
    let size = 0;
    let taken = 0;
    for (const waiting of this.queue) {
      if (taken > 0 && size + waiting.size > MAX_GROUP) break;
      size += waiting.size;
      taken++;
    }
    this.committing = true;
    this.commit(this.queue.splice(0, taken))
      .catch((error: unknown) => this.log.error('answering appends failed', { error: String(error) }))
      .finally(() => {
        this.committing = false;
        this.commitNext();
      });
  }

  private async commit(group: readonly Waiting[]): Promise<void> {
    const rows = group.map((w) => w.row);
    try {
      await this.call(
        'append',
        rows,
        rows.map((row) => row.data.buffer),
      );
    } catch (error) {
      this.health(false);
      await this.answerByDisk(group, notWritable(error));
      return;
    }
    this.health(true);
    for (const waiting of group) waiting.committed();
  }

  /** A commit whose answer was lost may have happened: what is on disk was taken, the rest was not. */
  private async answerByDisk(group: readonly Waiting[], fault: Fault): Promise<void> {
    try {
      this.replayedTo = await this.recovered();
    } catch (error) {
      this.log.warn('the log cannot be read either', { error: String(error) });
    }
    // Appends that wait behind may stand for a span that these were to store: they fail with them.
    for (const waiting of [...group, ...this.queue.splice(0)])
      if (waiting.row.id <= this.replayedTo) waiting.replayed();
      else waiting.failed(fault);
  }

  private start(): Worker {
    this.startedAt = performance.now();
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: this.data,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: MAX_YOUNG_MB },
    });
    worker.on('message', (reply: Reply) => {
      const waiting = this.pending.get(reply.call);
      this.pending.delete(reply.call);
      if (reply.error === undefined) waiting?.resolve(reply.output);
      else waiting?.reject(Object.assign(new Error(reply.error.message), { stack: reply.error.stack }));
    });
    worker.on('error', (error) => this.log.error('the writer thread failed', { error: error.message }));
    worker.on('exit', (code) => {
      if (this.closing) return;
      this.log.warn('the writer thread ended and is started again', { code });
      this.restart(new Error(`the writer thread ended (code ${code})`)).catch((error: unknown) =>
        this.log.error('following the log failed', { error: String(error) }),
      );
    });
    return worker;
  }

  private async restart(reason: Error): Promise<void> {
    // A thread that dies as soon as it starts must not keep a core busy.
    const wait = Math.max(0, RESTART_EVERY_MS - (performance.now() - this.startedAt));
    await new Promise((resolve) => setTimeout(resolve, wait));
    // Those who called in the meantime spoke to a dead thread as well.
    const lost = [...this.pending.values()];
    this.pending.clear();
    this.worker = this.start();
    for (const call of lost) call.reject(reason);
  }
}
