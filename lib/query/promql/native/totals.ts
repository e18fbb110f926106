import type { NativeHistogram } from '#lib/model/native-histogram.ts';
import type { Pacer } from '../pacer.ts';
import type { Column } from '../value.ts';
import type { HistogramNotes } from './notes.ts';
import { HistogramTotal, meanOf } from './total.ts';

/**
 * Sum or mean of a group whose series have histograms: where all are, a histogram; where floats are among them, nothing.
 * @param floats the same of the floats alone
 */
export async function histogramTotals(
  pacer: Pacer,
  items: readonly Column[],
  floats: Column,
  mean: boolean,
  notes: HistogramNotes,
): Promise<Column> {
  const present = floats.present.slice();
  const values = floats.values.slice();
  const totals = new Array<NativeHistogram | undefined>(present.length).fill(undefined);
  for (let i = 0; i < present.length; i++) {
    const histograms: NativeHistogram[] = [];
    for (const item of items) {
      const histogram = item.present[i] ? item.histograms?.[i] : undefined;
      if (histogram) histograms.push(histogram);
    }
    if (histograms.length === 0) continue;
    if (present[i]) {
      notes.mixedAggregation();
      present[i] = 0;
      continue;
    }
    const total = totalOf(histograms, mean, notes);
    if (!total) continue;
    if (pacer.due()) await pacer.pause();
    totals[i] = total;
    values[i] = Number.NaN;
    present[i] = 1;
  }
  return { ...floats, present, values, histograms: totals };
}

function totalOf(
  histograms: readonly NativeHistogram[],
  mean: boolean,
  notes: HistogramNotes,
): NativeHistogram | undefined {
  const [first, ...others] = histograms;
  if (!first) return undefined;
  const total = new HistogramTotal(first);
  for (const histogram of others) {
    if (total.add(histogram)) continue;
    notes.mixedSchemas('');
    return undefined;
  }
  if (total.collision) notes.collision('aggregation');
  if (total.reconciled) notes.reconciled('aggregation');
  return mean ? meanOf(histograms, total) : total.value();
}
