import type { ChangeEvent } from '#lib/model/event.ts';
import { isFault } from '#lib/model/fault.ts';
import type { Evidence, Finding } from '#lib/model/finding.ts';
import type { Labels } from '#lib/model/labels.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { rangeQuery } from '#lib/query/promql/engine.ts';
import { unitOf } from '#lib/show/evidence.ts';
import { markersOf } from '#lib/show/markers.ts';
import type { PanelModel, Unit } from '#lib/show/panel.ts';
import { seriesPanel } from '#lib/show/series-panel.ts';
import type { Store } from '#lib/store/store.ts';

const POINTS = 200;
/** No shorter than a usual scrape interval: finer steps only repeat samples. */
const LEAST_STEP_MS = 15_000;

/** The finding's time and as much before it: what is usual stands beside what is not. */
export function evidenceWindow(finding: Finding): TimeRange {
  const to = Math.max(finding.window.to, finding.lastSeen);
  const from = Math.min(finding.window.from, finding.firstSeen);
  return { from: from - (to - from), to };
}

/** A chart of evidence that has a query: its window and as much before it. Undefined when there is none to draw. */
export async function evidencePanel(
  store: Store,
  finding: Finding,
  evidence: Evidence,
  events: readonly ChangeEvent[],
): Promise<PanelModel | undefined> {
  if (evidence.promql === undefined) return undefined;
  const range = evidenceWindow(finding);
  const stepMs = Math.max(LEAST_STEP_MS, Math.ceil((range.to - range.from) / POINTS));
  try {
    const { data } = await rangeQuery(store.metrics, evidence.promql, {
      startMs: range.from,
      endMs: range.to,
      stepMs,
    });
    if (data.series.length === 0) return undefined;
    const unit = unitOfSeries(evidence);
    const panel = seriesPanel(
      data.series.map(({ labels, times, values }) => ({
        name: seriesName(labels),
        data: { timestamps: times, values },
        fold: 'last',
      })),
      range,
      {
        id: 'evidence',
        title: evidence.title,
        description: `${evidence.title}: the time of the finding and as much before it.`,
        unit,
        promql: evidence.promql,
      },
    );
    const threshold =
      evidence.threshold === undefined ? [] : [thresholdOf(evidence.threshold, evidence, unit)];
    return {
      ...panel,
      markers: markersOf(events, [{ ...finding, causedBy: undefined }], range),
      thresholds: threshold,
    };
  } catch (error) {
    // The numbers of the evidence stand without the chart.
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** A query reads the metric in its own unit, which by convention its name tells; the evidence may be in another. */
function unitOfSeries(evidence: Evidence): Unit {
  const metric = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(evidence.promql ?? '')?.[0] ?? '';
  if (metric.endsWith('_seconds')) return 's';
  if (metric.endsWith('_bytes')) return 'bytes';
  return unitOf(evidence);
}

function thresholdOf(value: number, evidence: Evidence, unit: Unit): { value: number; label: string } {
  return { value: unit === 's' && evidence.unit === 'ms' ? value / 1000 : value, label: 'limit' };
}

function seriesName(labels: Labels): string {
  const told = labels.filter(([name]) => name === 'instance' || name === 'pod' || name === 'pool');
  const shown = told.length > 0 ? told : labels.filter(([name]) => name !== '__name__' && name !== 'job');
  return shown.map(([, value]) => value).join(' ') || (labels[0]?.[1] ?? 'value');
}
