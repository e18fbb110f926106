import { type Columns, joinColumns } from './columns.ts';
import type { HistogramArena } from './histogram-arena.ts';
import type { SampleArena } from './sample-arena.ts';

/** What a head has of a slot with from ≤ t ≤ to: floats and native histograms in one. */
export function headColumns(
  samples: SampleArena,
  histograms: HistogramArena | undefined,
  slot: number,
  from: number,
  to: number,
): Columns | undefined {
  const floats = samples.read(slot, from, to);
  const found = histograms?.read(slot, from, to);
  if (found === undefined) return floats;
  const columns: Columns = {
    timestamps: found.timestamps,
    values: new Float64Array(found.timestamps.length).fill(Number.NaN),
    histograms: found.histograms,
  };
  return floats === undefined ? columns : joinColumns([floats, columns]);
}
