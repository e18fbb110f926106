import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { QueryData } from '#lib/query/promql/engine.ts';
import { formatSample } from '#lib/query/promql/format-number.ts';
import type { TableRow } from '#lib/show/explore.ts';

const MOST_ROWS = 500;
/** Samples per series of a range selector. */
const MOST_SAMPLES = 50;

/** The rows of an instant query: at most 500, and how many there are. */
export function tableRows(data: QueryData): { readonly rows: TableRow[]; readonly total: number } {
  switch (data.type) {
    case 'scalar':
      return { rows: [{ labels: [], value: formatSample(data.value) }], total: 1 };
    case 'string':
      return { rows: [{ labels: [], value: data.value }], total: 1 };
    case 'vector':
      return {
        rows: data.elements
          .slice(0, MOST_ROWS)
          .map(({ labels, value, histogram }) => ({ labels, value: valueText(value, histogram) })),
        total: data.elements.length,
      };
    case 'matrix':
      return {
        rows: data.series.slice(0, MOST_ROWS).map(({ labels, times, values, histograms }) => {
          const samples: [number, string][] = [];
          for (let i = times.length - 1; i >= 0 && samples.length < MOST_SAMPLES; i--)
            samples.push([times[i] ?? 0, valueText(values[i] ?? Number.NaN, histograms?.[i])]);
          return { labels, value: samples[0]?.[1] ?? '', samples, samplesTotal: times.length };
        }),
        total: data.series.length,
      };
  }
}

function valueText(value: number, histogram: NativeHistogram | undefined): string {
  if (!histogram) return formatSample(value);
  return `histogram: count ${formatSample(histogram.count)}, sum ${formatSample(histogram.sum)}`;
}
