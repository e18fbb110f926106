import type { Span } from '#lib/model/span.ts';

/**
 * Spans taken in lately, so that one sent twice (a retry) is stored and counted once. Two halves: rotating
 * drops the older one.
 */
export class SeenSpans {
  private current = new Set<string>();
  private previous = new Set<string>();

  /** @returns false when the span was seen before */
  take(span: Span): boolean {
    const key = span.spanId + span.traceId;
    if (this.current.has(key) || this.previous.has(key)) return false;
    this.current.add(key);
    return true;
  }

  forget(span: Span): void {
    this.current.delete(span.spanId + span.traceId);
  }

  rotate(): void {
    this.previous = this.current;
    this.current = new Set();
  }
}
