import type { Samples } from '../promql/value.ts';
import { type ChangeLog, SETTLED_AFTER_MS } from './changes.ts';
import { bytesOf, clip, compacted } from './splice.ts';

/** Answers for the times `firstMs`, `firstMs + stepMs`, … `lastMs`. */
export interface Known {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly series: readonly Samples[];
  readonly infos: readonly string[];
}

interface Entry extends Known {
  /** As written: infos name places in it. */
  readonly query: string;
  readonly version: number;
  readonly madeAt: number;
  readonly bytes: number;
}

export interface Question {
  /** Normalised. */
  readonly key: string;
  readonly query: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly lookbackMs: number;
  /** How far past its times the query looks at samples. */
  readonly aheadMs: number;
}

export interface CacheOptions {
  readonly changes: ChangeLog;
  readonly maxBytes?: number;
  /** Answers go after this long whatever happened: what retention has dropped is not shown for ever. */
  readonly maxAgeMs?: number;
}

const MAX_BYTES = 32 * 1024 * 1024;
const HOUR_MS = 3_600_000;
/** No answer may take more than this part of the whole. */
const MAX_SHARE = 0.25;
const MAX_STEPS = 11_001;

/** Answers to range queries for times that are settled, the least recently used going first. */
export class ResultsCache {
  readonly #changes: ChangeLog;
  readonly #maxBytes: number;
  readonly #maxAgeMs: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor({ changes, maxBytes = MAX_BYTES, maxAgeMs = HOUR_MS }: CacheOptions) {
    this.#changes = changes;
    this.#maxBytes = maxBytes;
    this.#maxAgeMs = maxAgeMs;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What is known of the answer: one stretch of its times. */
  find(question: Question, nowMs: number): Known | undefined {
    const key = keyOf(question);
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    const validMs = this.#validUntil(entry, question.aheadMs);
    if (nowMs - entry.madeAt > this.#maxAgeMs || validMs < entry.firstMs) {
      this.#drop(key, entry);
      return undefined;
    }
    if (entry.infos.length > 0 && entry.query !== question.query) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const { startMs, stepMs } = question;
    const firstMs = Math.max(entry.firstMs, startMs);
    const end = Math.min(entry.lastMs, question.endMs, validMs);
    const lastMs = startMs + Math.floor((end - startMs) / stepMs) * stepMs;
    if (lastMs < firstMs) return undefined;
    return { firstMs, lastMs, series: clip(entry.series, firstMs, lastMs), infos: entry.infos };
  }

  /**
   * Keeps the settled part of an answer.
   * @param version of the change log before the answer's data was read
   */
  keep(question: Question, answer: Omit<Known, 'firstMs' | 'lastMs'>, version: number, nowMs: number): void {
    const { startMs, stepMs, aheadMs } = question;
    const end = Math.min(question.endMs, nowMs - SETTLED_AFTER_MS - aheadMs);
    const steps = Math.floor((end - startMs) / stepMs) + 1;
    if (steps < 1) return;
    const key = keyOf(question);
    const lastMs = startMs + (steps - 1) * stepMs;
    const before = this.#entries.get(key);
    // The part of a wider answer must not take its place.
    if (before && this.#covers(before, question, lastMs)) return;
    if (steps > MAX_STEPS) return;
    const series = compacted(clip(answer.series, startMs, lastMs));
    const bytes = 500 + bytesOf(series);
    if (before) this.#drop(key, before);
    if (bytes > this.#maxBytes * MAX_SHARE) return;
    const entry = { firstMs: startMs, lastMs, series, infos: answer.infos, query: question.query, version };
    this.#entries.set(key, { ...entry, madeAt: before?.madeAt ?? nowMs, bytes });
    this.#bytes += bytes;
    for (const [oldest, old] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest, old);
    }
  }

  #covers(entry: Entry, { startMs, query, aheadMs }: Question, lastMs: number): boolean {
    return (
      entry.firstMs <= startMs &&
      entry.lastMs >= lastMs &&
      this.#validUntil(entry, aheadMs) >= lastMs &&
      (entry.query === query || entry.infos.length === 0)
    );
  }

  /** Times after this may have changed. */
  #validUntil(entry: Entry, aheadMs: number): number {
    return this.#changes.changedSince(entry.version) - aheadMs - 1;
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

/** Only evaluation times of the same phase are the same times. */
function keyOf({ key, startMs, stepMs, lookbackMs }: Question): string {
  return `${stepMs} ${((startMs % stepMs) + stepMs) % stepMs} ${lookbackMs} ${key}`;
}
