import { type Labels, labelsObject } from '#lib/model/labels.ts';
import type { QueryData } from '../promql/engine.ts';
import { formatSample } from '../promql/format-number.ts';
import type { Samples } from '../promql/value.ts';

export interface Notes {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** Text that leaves in one piece: larger ones would make a slow reader's memory ours. */
const PIECE = 64 * 1024;

/** A `success` answer around data that is already JSON, sent as it is made. */
export function streamed(data: Iterable<string>, notes: Notes = {}): Response {
  const parts = whole(data, notes)[Symbol.iterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      let piece = '';
      while (piece.length < PIECE) {
        const next = parts.next();
        if (next.done) {
          if (piece) controller.enqueue(encoder.encode(piece));
          controller.close();
          return;
        }
        piece += next.value;
      }
      controller.enqueue(encoder.encode(piece));
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  });
}

export function success(data: unknown, notes: Notes = {}): Response {
  return streamed([JSON.stringify(data)], notes);
}

function* whole(data: Iterable<string>, { warnings = [], infos = [] }: Notes): Generator<string> {
  yield '{"status":"success","data":';
  yield* data;
  if (warnings.length) yield `,"warnings":${JSON.stringify(warnings)}`;
  if (infos.length) yield `,"infos":${JSON.stringify(infos)}`;
  yield '}';
}

/** A query's result in Prometheus' JSON: `resultType` and `result`, times in seconds, values as text. */
export function* queryJson(data: QueryData): Generator<string> {
  yield `{"resultType":"${data.type}","result":`;
  switch (data.type) {
    case 'scalar':
      yield pair(data.timeMs, formatSample(data.value));
      break;
    case 'string':
      yield pair(data.timeMs, data.value);
      break;
    case 'vector':
      yield '[';
      for (const [index, { labels, value }] of data.elements.entries())
        yield `${index ? ',' : ''}{"metric":${metric(labels)},"value":${pair(data.timeMs, formatSample(value))}}`;
      yield ']';
      break;
    case 'matrix':
      yield '[';
      for (const [index, series] of data.series.entries())
        yield `${index ? ',' : ''}{"metric":${metric(series.labels)},"values":[${values(series)}]}`;
      yield ']';
  }
  yield '}';
}

function metric(labels: Labels): string {
  return JSON.stringify(labelsObject(labels));
}

function pair(timeMs: number, text: string): string {
  return `[${timeMs / 1000},${JSON.stringify(text)}]`;
}

function values({ times, values: column }: Samples): string {
  let text = '';
  for (let i = 0; i < times.length; i++)
    text += `${i ? ',' : ''}[${(times[i] ?? 0) / 1000},"${formatSample(column[i] ?? 0)}"]`;
  return text;
}
