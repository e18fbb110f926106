/** One task at a time, in the order they came. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();
  private finished = false;

  take<T>(task: () => Promise<T>): Promise<T> {
    if (this.finished) return Promise.reject(new Error('the store is closing'));
    const mine = this.last.then(task);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  /** The last task: those that come after it are refused. */
  finish<T>(task: () => Promise<T>): Promise<T> {
    const mine = this.take(task);
    this.finished = true;
    return mine;
  }
}
