import type { Labels } from '#lib/model/labels.ts';
import type { MetricMetadata } from '#lib/model/metrics.ts';
import { decodeExemplars } from '../codec/exemplar-block.ts';
import { widenTimes } from '../codec/group-times.ts';
import type { BlockSeries } from '../codec/metric-block.ts';
import { decodeNewSeries } from '../codec/new-series.ts';
import { rawSql } from '../database.ts';
import { headColumns } from '../metrics/head-columns.ts';
import { HistogramArena } from '../metrics/histogram-arena.ts';
import { SampleArena } from '../metrics/sample-arena.ts';
import { groupOf, indexOf } from '../metrics/series-id.ts';
import type { SharedMetrics } from '../metrics/shared-samples.ts';
import { SliceOfTime } from '../slice-of-time.ts';
import { columnText, keyText } from '../text.ts';
import { asSeries, type BlockRow, blockRow, cutIntoBlocks } from './block-rows.ts';
import { exemplarRows } from './exemplar-rows.ts';
import type { KnownGroup } from './groups.ts';
import type { Shop } from './shop.ts';
import { slices } from './slices.ts';

/** Groups whose rows are asked for and written together. */
const GROUPS_AT_ONCE = 64;
/** A new series takes about a kilobyte until its group has its row. */
const NEW_SERIES_HELD = 50_000;

/** Puts the metrics of a sealed head to rest. @returns starts of the blocks of time that got samples */
export async function writeMetrics(
  shop: Shop,
  metrics: SharedMetrics,
  seq: number,
): Promise<Iterable<number>> {
  const { groups } = shop;
  await replaceMetadata(shop, metrics.metadata);
  await insertExemplars(shop, metrics.exemplars, seq);
  const slice = new SliceOfTime();
  const samples = SampleArena.over(metrics.samples);
  const histograms = metrics.histograms && HistogramArena.over(metrics.histograms);
  const slots = await slotsByGroup(
    metrics,
    (slot) => samples.has(slot) || histograms?.has(slot) === true,
    slice,
  );
  const added = await newSeriesByGroup(shop, metrics, slice);
  const ids = [...new Set([...slots.keys(), ...added.keys()])].sort((a, b) => a - b);
  const touched = new Set<number>();
  for (let i = 0; i < ids.length; i += GROUPS_AT_ONCE) {
    const part = await groups.get(ids.slice(i, i + GROUPS_AT_ONCE));
    const rows: BlockRow[] = [];
    for (const group of part) {
      const fresh = added.get(group.id);
      if (fresh !== undefined) await groups.define(group, fresh);
      const series = readGroup(group, slots.get(group.id) ?? new Map(), samples, histograms);
      for (const [start, block] of cutIntoBlocks(series)) {
        touched.add(start);
        rows.push(blockRow(group.id, seq, block));
        if (slice.over()) await slice.next();
      }
    }
    await groups.write(part);
    await insertBlocks(shop, rows);
  }
  return touched;
}

type Places = [place: number, labels: Labels][];

/** By group; where they are too many to be held at once, all but the last have their rows already. */
async function newSeriesByGroup(
  { groups }: Shop,
  { newSeries }: SharedMetrics,
  slice: SliceOfTime,
): Promise<Map<number, Places>> {
  const added = new Map<number, Places>();
  let held = 0;
  for (const part of newSeries) {
    if (held >= NEW_SERIES_HELD) {
      for (const [group, places] of added) {
        const known = await groups.one(group);
        await groups.define(known, places);
        await groups.write([known]);
      }
      added.clear();
      held = 0;
    }
    for (const { id, labels } of decodeNewSeries(part)) {
      const places = added.get(groupOf(id));
      if (places === undefined) added.set(groupOf(id), [[indexOf(id), labels]]);
      else places.push([indexOf(id), labels]);
      held++;
    }
    if (slice.over()) await slice.next();
  }
  return added;
}

/** Group → place → slot, of slots that hold something. */
async function slotsByGroup(
  { ids }: SharedMetrics,
  holds: (slot: number) => boolean,
  slice: SliceOfTime,
): Promise<Map<number, Map<number, number>>> {
  const groups = new Map<number, Map<number, number>>();
  for (let slot = 0; slot < ids.length; slot++) {
    if (slot % 4096 === 0 && slice.over()) await slice.next();
    if (!holds(slot)) continue;
    const id = ids[slot] as number;
    const group = groupOf(id);
    const places = groups.get(group);
    if (places === undefined) groups.set(group, new Map([[indexOf(id), slot]]));
    else places.set(indexOf(id), slot);
  }
  return groups;
}

/** The group's series in its order; its times are widened by them. */
function readGroup(
  group: KnownGroup,
  slots: ReadonlyMap<number, number>,
  samples: SampleArena,
  histograms: HistogramArena | undefined,
): BlockSeries[] {
  const series: BlockSeries[] = [];
  for (const place of group.order) {
    const slot = slots.get(place);
    if (slot === undefined) continue;
    const columns = headColumns(
      samples,
      histograms,
      slot,
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    );
    const first = columns?.timestamps[0];
    const last = columns?.timestamps.at(-1);
    if (columns === undefined || first === undefined || last === undefined) continue;
    if (widenTimes(group.times, place, first, last)) group.changed = true;
    series.push(asSeries(place, columns));
  }
  return series;
}

const COLUMNS = ['group', 'start', 'seq', 'end', 'count', 'data'];

async function insertBlocks({ db, turns }: Shop, rows: readonly BlockRow[]): Promise<void> {
  for (const part of slices(rows, (row) => row.data.length))
    await turns.take(() =>
      rawSql(db).insert(
        'MetricBlock',
        COLUMNS,
        part.map(({ group, start, seq, end, count, data }) => [
          group,
          Math.floor(start),
          seq,
          Math.ceil(end),
          count,
          data,
        ]),
      ),
    );
}

async function insertExemplars(
  { db, turns }: Shop,
  parts: readonly Uint8Array[],
  seq: number,
): Promise<void> {
  for (const row of exemplarRows(parts.flatMap(decodeExemplars), BigInt(seq)))
    await turns.take(() => db.exemplarBlock.create({ data: row }));
}

/** The newer form wins. */
async function replaceMetadata({ db, turns }: Shop, metadata: readonly MetricMetadata[]): Promise<void> {
  const latest = new Map(
    metadata.map(({ name, type, help, unit }) => {
      const key = keyText(name);
      return [key, { name: key, type, help: columnText(help), unit: columnText(unit) }];
    }),
  );
  for (const data of slices([...latest.values()]))
    await turns.take(() =>
      db.$transaction([
        db.metricMetadata.deleteMany({ where: { name: { in: data.map(({ name }) => name) } } }),
        db.metricMetadata.createMany({ data }),
      ]),
    );
}
