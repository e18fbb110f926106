import type { z } from 'zod';
import type { Labels } from '#lib/model/labels.ts';
import { labelValue } from '#lib/model/labels.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { arrivals } from '#lib/show/arrival.ts';
import { gridOf, gridPanel } from '#lib/show/explore-panel.ts';
import type { PanelModel, Unit } from '#lib/show/panel.ts';
import { churnOf, type StorageModel } from '#lib/show/storage.ts';
import { askInstant, askRange } from './ask.ts';
import { RangeParams, rangeOf, type View, type ViewContext } from './view.ts';

const INGESTED = 'chokepoint_ingested_total{signal="metrics"}';
const ARRIVING = `sum(rate(${INGESTED}[2m]))`;
const REJECTED = 'sum by (reason) (increase(chokepoint_rejected_total{signal="metrics"}[1h]))';

/** What the store holds and what takes the room in it. Rates come from Chokepoint's own metrics. */
export const storageView: View<z.infer<typeof RangeParams>, StorageModel> = {
  name: 'storage',
  params: RangeParams,
  async run(context, params) {
    const { store, now } = context;
    const range = rangeOf(params, now);
    const [stats, cardinality, rate, watched, rejected, arriving, size] = await Promise.all([
      store.stats(),
      store.metrics.cardinality(),
      valuesAt(context, ARRIVING, range.to),
      valuesAt(context, 'sum(chokepoint_ingested_total)', range.to),
      valuesAt(context, REJECTED, range.to),
      panel(context, ARRIVING, range, { id: 'arriving', title: 'Samples per second', unit: 'per-second' }),
      panel(context, 'sum(chokepoint_store_bytes)', range, {
        id: 'size',
        title: 'Size on disk',
        unit: 'bytes',
      }),
    ]);
    const isWatched = watched.length > 0;
    return {
      now,
      backend: stats.backend,
      bytes: stats.bytes,
      arrivals: arrivals(stats.arrived),
      samples: stats.arrived.metrics.count,
      samplesPerSecond: rate[0]?.value,
      activeSeries: cardinality.series || stats.series,
      labelPairs: cardinality.labelPairs,
      headSamples: stats.headSamples,
      oldest: cardinality.oldest,
      newest: cardinality.newest,
      seriesByMetric: cardinality.seriesByMetric,
      valuesByLabel: cardinality.valuesByLabel,
      bytesByLabel: cardinality.bytesByLabel,
      seriesByPair: cardinality.seriesByPair,
      churn: churnOf(cardinality.born, cardinality.ended, now),
      rejected: isWatched ? reasons(rejected) : undefined,
      arriving,
      size,
    };
  },
};

interface Reading {
  readonly labels: Labels;
  readonly value: number;
}

function reasons(found: readonly Reading[]): { name: string; count: number }[] {
  return found
    .map(({ labels, value }) => ({ name: labelValue(labels, 'reason'), count: Math.round(value) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}

async function valuesAt(context: ViewContext, query: string, timeMs: number): Promise<readonly Reading[]> {
  const { data } = await askInstant(context, query, timeMs);
  return data.type === 'vector' ? data.elements : [];
}

async function panel(
  context: ViewContext,
  query: string,
  range: TimeRange,
  spec: { readonly id: string; readonly title: string; readonly unit: Unit },
): Promise<PanelModel | undefined> {
  const grid = gridOf(range);
  const { data } = await askRange(context, query, grid);
  if (data.series.length === 0) return undefined;
  const drawn = gridPanel(data.series, grid, range, { id: spec.id, query, unit: spec.unit }).panel;
  const series = drawn.series.map((one) => ({ ...one, name: spec.title }));
  return {
    ...drawn,
    title: spec.title,
    description: `${spec.title}, from Chokepoint's own metrics.`,
    draw: 'area',
    series,
  };
}
