import { DIGEST_BUCKET_MS, type StatementDigest } from '#lib/model/digest.ts';
import { Sketch } from '#lib/model/sketch.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { PanelModel, PanelSeries } from './panel.ts';
import { shortStatement } from './short-statement.ts';
import { fourDigits } from './span-panels.ts';
import { type Steps, stepFor, stepIndex, stepsOf } from './steps.ts';

const TOP_SHAPES = 5;
const NAME_LENGTH = 44;
const EMPTY = {
  reason: 'No statements arrived in this time range.',
  action: { label: 'Connect a slow-query log', href: '/connect#postgresql' },
};

function digestSteps(range: TimeRange): Steps {
  return stepsOf(range, Math.max(stepFor(range), DIGEST_BUCKET_MS));
}

function durationsPerStep(digests: readonly StatementDigest[], steps: Steps): (Sketch | undefined)[] {
  const merged = new Array<Sketch | undefined>(steps.count).fill(undefined);
  for (const { buckets } of digests) {
    for (const bucket of buckets) {
      const i = stepIndex(steps, bucket.at);
      if (i === undefined) continue;
      const sketch = merged[i] ?? new Sketch();
      merged[i] = sketch;
      sketch.merge(bucket.durations);
    }
  }
  return merged;
}

/** Between the first and the last statement told of, a step without one had none; outside nothing is known. */
function extentOf(durations: readonly (Sketch | undefined)[]): { first: number; last: number } {
  return {
    first: durations.findIndex((sketch) => sketch !== undefined),
    last: durations.findLastIndex((sketch) => sketch !== undefined),
  };
}

function panelOf(
  range: TimeRange,
  steps: Steps,
  series: readonly PanelSeries[],
  spec: Pick<PanelModel, 'id' | 'title' | 'description' | 'unit' | 'draw'>,
): PanelModel {
  const hasData = series.some((line) => line.values.some((value) => value !== null));
  return {
    ...spec,
    range: { from: range.from, to: range.to },
    times: steps.times,
    series,
    seriesTotal: series.length,
    markers: [],
    thresholds: [],
    ...(hasData ? {} : { empty: EMPTY }),
  };
}

/** Time spent in statements per second, stacked by the shapes that cost most, and all others as one. */
export function databaseTimePanel(digests: readonly StatementDigest[], range: TimeRange): PanelModel {
  const steps = digestSteps(range);
  const { first, last } = extentOf(durationsPerStep(digests, steps));
  const shapes = new Map<string, { text: string; digests: StatementDigest[] }>();
  for (const digest of digests) {
    const shape = shapes.get(digest.fingerprint);
    if (shape) shape.digests.push(digest);
    else shapes.set(digest.fingerprint, { text: digest.text, digests: [digest] });
  }
  const ranked = [...shapes]
    .map(([key, shape]) => {
      const sums = durationsPerStep(shape.digests, steps).map((sketch) => sketch?.sum ?? 0);
      return {
        key,
        name: shortStatement(shape.text, NAME_LENGTH),
        sums,
        total: sums.reduce((a, b) => a + b, 0),
      };
    })
    .filter((shape) => shape.total > 0)
    .toSorted((a, b) => b.total - a.total);
  // One too many for the list: it may as well stand under its own name.
  const top = ranked.length === TOP_SHAPES + 1 ? ranked : ranked.slice(0, TOP_SHAPES);
  const rest = ranked.slice(top.length);
  const busy = (sums: readonly number[]) =>
    sums.map((ms, i) => (i < first || i > last ? null : fourDigits((ms * 1000) / steps.step)));
  const lines: PanelSeries[] = top.map(({ key, name, sums }) => ({ key, name, values: busy(sums) }));
  if (rest.length > 0) {
    const sums = steps.times.map((_, i) => rest.reduce((sum, shape) => sum + (shape.sums[i] ?? 0), 0));
    lines.push({ key: 'other', name: `${rest.length} others`, values: busy(sums) });
  }
  return panelOf(range, steps, lines, {
    id: 'database-time',
    title: 'Database time per second',
    description:
      'Time spent in statements in each second: 1 s means that one is at work all the time. The shapes that cost most, and the rest.',
    unit: 'ms',
    draw: 'stacked',
  });
}

/** Calls per second and how long they took, of one statement shape. */
export function statementPanels(digests: readonly StatementDigest[], range: TimeRange): PanelModel[] {
  const steps = digestSteps(range);
  const durations = durationsPerStep(digests, steps);
  const { first, last } = extentOf(durations);
  const line = (name: string, measure: (sketch: Sketch) => number | undefined): PanelSeries => ({
    name,
    key: name,
    values: durations.map((sketch) => (sketch ? fourDigits(measure(sketch) ?? null) : null)),
  });
  const calls = durations.map((sketch, i) =>
    i < first || i > last ? null : fourDigits(((sketch?.count ?? 0) * 1000) / steps.step),
  );
  return [
    panelOf(
      range,
      steps,
      [
        line('p50', (sketch) => sketch.quantile(0.5)),
        line('p95', (sketch) => sketch.quantile(0.95)),
        line('max', (sketch) => sketch.max),
      ],
      {
        id: 'statement-latency',
        title: 'Duration',
        description:
          'How long this statement took: half of the calls were faster than p50, 95 of 100 faster than p95.',
        unit: 'ms',
        draw: 'line',
      },
    ),
    panelOf(range, steps, [{ name: 'calls', key: 'calls', values: calls }], {
      id: 'statement-calls',
      title: 'Calls',
      description: 'How often this statement ran, per second. A slow-query log tells only of the slow ones.',
      unit: 'per-second',
      draw: 'area',
    }),
  ];
}
