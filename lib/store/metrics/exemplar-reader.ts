import type { Exemplar, SeriesExemplars } from '#lib/model/exemplar.ts';
import { labelsKey } from '#lib/model/labels.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { decodeExemplars } from '../codec/exemplar-block.ts';
import type { Database } from '../database.ts';
import { columnTime } from '../resting.ts';
import type { View } from '../state.ts';
import type { FoundSeries } from './finder.ts';

const ROWS_AT_ONCE = 16;

/** @param view taken before `find` looks for the series */
export async function readExemplars(
  db: Database,
  view: View,
  find: () => Promise<readonly FoundSeries[]>,
  range: TimeRange,
): Promise<SeriesExemplars[]> {
  const found = await find();
  // What rests may still be in a head, too: by its whole identity, it counts once.
  const own = found.map(() => new Map<string, Exemplar>());
  const add = (i: number, exemplar: Exemplar): void => {
    const key = `${exemplar.timestamp}/${exemplar.value}/${labelsKey(exemplar.labels)}`;
    own[i]?.set(key, exemplar);
  };
  const byId = new Map(found.flatMap(({ ids }, i) => ids.map((id) => [id, i] as const)));
  for (let skip = 0; byId.size > 0; skip += ROWS_AT_ONCE) {
    const rows = await db.exemplarBlock.findMany({
      where: { start: { lte: columnTime(range.to) }, end: { gte: columnTime(range.from) } },
      orderBy: [{ start: 'asc' }, { seq: 'asc' }],
      skip,
      take: ROWS_AT_ONCE,
    });
    for (const { data } of rows)
      for (const { id, exemplar } of decodeExemplars(data)) {
        const i = byId.get(id);
        if (i !== undefined && exemplar.timestamp >= range.from && exemplar.timestamp <= range.to)
          add(i, exemplar);
      }
    if (rows.length < ROWS_AT_ONCE) break;
  }
  for (const [i, { slots }] of found.entries())
    for (const slot of slots)
      for (const head of view.heads)
        for (const exemplar of head.exemplars.read(slot, range.from, range.to)) add(i, exemplar);
  const answer: SeriesExemplars[] = [];
  for (const [i, { labels }] of found.entries()) {
    const exemplars = [...(own[i]?.values() ?? [])].sort((a, b) => a.timestamp - b.timestamp);
    if (exemplars.length > 0) answer.push({ labels, exemplars });
  }
  return answer;
}
