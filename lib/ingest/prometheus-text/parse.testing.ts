import type { Labels } from '#lib/model/labels.ts';
import type { Exposition } from './parse.ts';
import { parseExposition } from './parse.ts';

export const NOW = 1_700_000_000_000;
export const loose = (text: string) => parseExposition(text, { now: NOW, strict: false });
export const strict = (text: string) => parseExposition(text, { now: NOW, strict: true });

/** [labels, timestamp, value] of each sample */
export function samplesOf(batch: Exposition): [Labels, number, number][] {
  return batch.series.flatMap(({ labels }, i) => {
    const rows: [Labels, number, number][] = [];
    for (let at = batch.offsets[i] ?? 0; at < (batch.offsets[i + 1] ?? 0); at++)
      rows.push([labels, batch.timestamps[at] ?? 0, batch.values[at] ?? 0]);
    return rows;
  });
}
