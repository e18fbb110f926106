import { type Labels, labelsObject } from '#lib/model/labels.ts';
import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { QueryData } from '../promql/engine.ts';
import { formatSample } from '../promql/format-number.ts';
import { filledBuckets } from '../promql/native/bucket-bounds.ts';
import type { QueryStats } from '../promql/stats.ts';
import type { Samples } from '../promql/value.ts';

/** Points that are written between two looks at the clock. */
const RUN = 1000;

/** A query's result in Prometheus' JSON: `resultType` and `result`, times in seconds, values as text. */
export function* queryJson(data: QueryData, stats?: QueryStats): Generator<string> {
  yield `{"resultType":"${data.type}","result":`;
  switch (data.type) {
    case 'scalar':
      yield `[${timestamp(data.timeMs)},"${sample(data.value)}"]`;
      break;
    case 'string':
      yield `[${timestamp(data.timeMs)},${JSON.stringify(data.value)}]`;
      break;
    case 'vector': {
      const time = timestamp(data.timeMs);
      yield '[';
      for (const [index, { labels, value, histogram: buckets }] of data.elements.entries()) {
        const what = buckets
          ? `"histogram":[${time},${histogram(buckets)}]`
          : `"value":[${time},"${sample(value)}"]`;
        yield `${index ? ',' : ''}{"metric":${metric(labels)},${what}}`;
      }
      yield ']';
      break;
    }
    case 'matrix':
      yield* matrix(data.series);
  }
  if (stats) yield `,"stats":${JSON.stringify(statsOf(stats))}`;
  yield '}';
}

function* matrix(all: readonly Samples[]): Generator<string> {
  const times = new TimeTexts();
  yield '[';
  for (const [index, series] of all.entries()) {
    yield `${index ? ',' : ''}{"metric":${metric(series.labels)}`;
    if (series.histograms) yield* mixed(series, series.histograms);
    else {
      yield ',"values":[';
      yield* floats(series, times);
      yield ']';
    }
    yield '}';
  }
  yield ']';
}

function* floats({ times, values }: Samples, texts: TimeTexts): Generator<string> {
  for (let from = 0; from < times.length; from += RUN) {
    let text = '';
    const to = Math.min(from + RUN, times.length);
    for (let i = from; i < to; i++)
      text += `${i ? ',' : ''}[${texts.at(i, times[i] ?? 0)},"${sample(values[i] ?? 0)}"]`;
    yield text;
  }
}

function* mixed(
  { times, values }: Samples,
  histograms: readonly (NativeHistogram | undefined)[],
): Generator<string> {
  for (const [key, wantsHistograms] of [
    ['values', false],
    ['histograms', true],
  ] as const) {
    let some = false;
    for (let i = 0; i < times.length; i++) {
      const buckets = histograms[i];
      if ((buckets !== undefined) !== wantsHistograms) continue;
      yield `${some ? ',' : `,"${key}":[`}[${timestamp(times[i] ?? 0)},${buckets ? histogram(buckets) : `"${sample(values[i] ?? 0)}"`}]`;
      some = true;
    }
    if (some) yield ']';
  }
}

/** The series of an answer mostly have the same times: their text is made once. */
class TimeTexts {
  readonly #times: number[] = [];
  readonly #texts: string[] = [];

  at(index: number, timeMs: number): string {
    const known = this.#texts[index];
    if (known !== undefined && this.#times[index] === timeMs) return known;
    const text = timestamp(timeMs);
    this.#times[index] = timeMs;
    this.#texts[index] = text;
    return text;
  }
}

export function metric(labels: Labels): string {
  return JSON.stringify(labelsObject(labels));
}

/** Seconds; a fraction has all three digits, as Prometheus writes it. */
export function timestamp(timeMs: number): string {
  return timeMs % 1000 === 0 ? String(timeMs / 1000) : (timeMs / 1000).toFixed(3);
}

export function sample(value: number): string {
  const size = Math.abs(value);
  return size >= 1e-6 && size < 1e21 ? String(value) : formatSample(value);
}

function histogram(of: NativeHistogram): string {
  const buckets = filledBuckets(of).map(
    ([rule, lower, upper, count]) => `[${rule},"${sample(lower)}","${sample(upper)}","${sample(count)}"]`,
  );
  const listed = buckets.length ? `,"buckets":[${buckets.join(',')}]` : '';
  return `{"count":"${sample(of.count)}","sum":"${sample(of.sum)}"${listed}}`;
}

/** Prometheus' `stats`, seconds; `selectors` is ours: what was read, in the order of reading. */
function statsOf({ timings, samples, selectors }: QueryStats): unknown {
  return {
    timings: {
      evalTotalTime: timings.totalMs / 1000,
      resultSortTime: 0,
      queryPreparationTime: timings.selectMs / 1000,
      innerEvalTime: timings.evalMs / 1000,
      execQueueTime: timings.queueMs / 1000,
      execTotalTime: (timings.totalMs + timings.queueMs) / 1000,
    },
    samples: { totalQueryableSamples: samples.total, peakSamples: samples.peak },
    selectors: selectors.map(({ text, ms, ...counts }) => ({
      selector: text,
      ...counts,
      seconds: ms / 1000,
    })),
  };
}
