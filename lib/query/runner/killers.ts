import { Fault } from '#lib/model/fault.ts';

const DEATHS = 3;
const REFUSED_FOR_MS = 300_000;
const MAX_KEPT = 1000;

interface Record {
  readonly deaths: number;
  readonly reason: string;
  readonly lastMs: number;
}

/** Whether a query died because it was too much, not because it was wrong. */
export function diedOfLimits(fault: Fault): boolean {
  return (
    fault.code === 'timeout' || fault.code === 'too-many-samples' || /too many samples/.test(fault.message)
  );
}

/** Queries that died of the limits three times in a row: refused for five minutes, so that they stop hurting others. */
export class Killers {
  readonly #records = new Map<string, Record>();

  /** Throws Fault 422 with the reason while the query is refused. */
  check(key: string, nowMs: number): void {
    const found = this.#records.get(key);
    if (!found || found.deaths < DEATHS) return;
    const leftMs = found.lastMs + REFUSED_FOR_MS - nowMs;
    if (leftMs <= 0) this.#records.delete(key);
    else
      throw new Fault(
        422,
        'execution',
        `this query failed ${DEATHS} times in a row and is refused for another ${Math.ceil(leftMs / 1000)} s: ${found.reason}`,
        { headers: { 'retry-after': String(Math.ceil(leftMs / 1000)) } },
      );
  }

  died(key: string, reason: string, nowMs: number): void {
    const before = this.#records.get(key);
    const recent = before && nowMs - before.lastMs < REFUSED_FOR_MS ? before.deaths : 0;
    this.#records.delete(key);
    this.#records.set(key, { deaths: recent + 1, reason, lastMs: nowMs });
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= MAX_KEPT) break;
      this.#records.delete(oldest);
    }
  }

  lived(key: string): void {
    this.#records.delete(key);
  }
}
