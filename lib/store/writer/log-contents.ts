import type { ChangeEvent } from '#lib/model/event.ts';
import type { Labels } from '#lib/model/labels.ts';
import { type MetricMetadata, wordsOf } from '#lib/model/metrics.ts';
import type { StatementBatch } from '#lib/model/statement.ts';
import { decodeJson } from '../codec/json.ts';
import { decodeMetrics } from '../codec/metric-batch.ts';
import { decodeSpans } from '../codec/spans.ts';
import { Head } from '../head.ts';
import { SIGNALS } from '../store.ts';
import { TraceTable } from '../traces/trace-table.ts';

const MAX_SAMPLES = 3_000_000;
/** A decoded span takes about a kilobyte. */
const MAX_SPANS = 20_000;
/** of log */
const MAX_BYTES = 16 * 2 ** 20;

/** Contents of a stretch of the log, by series id instead of by the main thread's slots. */
export class LogContents {
  readonly head = new Head();
  /** In full, other than a head has them. */
  readonly traces = new TraceTable();
  readonly defined = new Map<number, Labels>();
  readonly metadata = new Map<string, MetricMetadata>();
  /** Series id of each slot of `head.samples`. */
  readonly ids: number[] = [];
  private readonly slots = new Map<number, number>();
  private bytes = 0;

  /** Whether it should be put to rest before more is added: this much is decoded at once at most. */
  get full(): boolean {
    return (
      this.head.samples.count >= MAX_SAMPLES || this.traces.count >= MAX_SPANS || this.bytes >= MAX_BYTES
    );
  }

  add(signal: number, data: Uint8Array): void {
    this.bytes += data.length;
    switch (SIGNALS[signal]) {
      case 'metrics':
        this.addMetrics(data);
        break;
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

  private addMetrics(data: Uint8Array): void {
    const batch = decodeMetrics(data);
    for (const { id, labels } of batch.defined) this.defined.set(id, labels);
    for (const m of batch.metadata) this.metadata.set(m.name, m);
    const words = wordsOf(batch.values);
    for (let i = 0; i < batch.ids.length; i++) {
      const id = batch.ids[i] as number;
      let slot = this.slots.get(id);
      if (slot === undefined) {
        slot = this.ids.length;
        this.ids.push(id);
        this.slots.set(id, slot);
        this.head.samples.ensure(slot + 1);
      }
      const [from, to] = [batch.offsets[i] as number, batch.offsets[i + 1] as number];
      this.head.samples.append(slot, batch.timestamps, words, from, to);
    }
  }
}
