import type { ChangeEvent } from '#lib/model/event.ts';
import type { StatementBatch } from '#lib/model/statement.ts';
import { decodeJson } from '../codec/json.ts';
import { decodeSpans } from '../codec/spans.ts';
import { Head } from '../head.ts';
import { SIGNALS } from '../store.ts';
import { TraceTable } from '../traces/trace-table.ts';

/** A decoded span takes about a kilobyte. */
const MAX_SPANS = 20_000;
/** of log */
const MAX_BYTES = 16 * 2 ** 20;

/** Contents of a stretch of the log, but for metrics. */
export class LogContents {
  readonly head = new Head();
  /** In full, other than a head has them. */
  readonly traces = new TraceTable();
  private bytes = 0;

  /** Whether it should be put to rest before more is added: this much is decoded at once at most. */
  get full(): boolean {
    return this.traces.count >= MAX_SPANS || this.bytes >= MAX_BYTES;
  }

  add(signal: number, data: Uint8Array): void {
    this.bytes += data.length;
    switch (SIGNALS[signal]) {
      case 'spans':
        this.addSpans(data);
        break;
      case 'statements':
        this.head.addStatements(decodeJson<StatementBatch>(data));
        break;
      case 'events':
        this.head.addEvents(decodeJson<ChangeEvent[]>(data));
        break;
      default:
        throw new RangeError(`log row of kind ${signal}`);
    }
  }

  private addSpans(data: Uint8Array): void {
    for (const span of decodeSpans(data)) {
      this.traces.add(span);
      this.head.spanStatistics.add(span);
    }
  }
}
