import type { SpanSeries } from '#lib/model/span-stats.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import { readSignals, type SignalSeries } from '#lib/query/signals/read.ts';
import type { Role } from '#lib/query/signals/role.ts';
import type { Marker, PanelModel } from '#lib/show/panel.ts';
import { type Fold, type NamedSeries, type SeriesPanelSpec, seriesPanel } from '#lib/show/series-panel.ts';
import { entrySeries, errorsPanel, latencyPanel, throughputPanel } from '#lib/show/span-panels.ts';
import type { MetricReader } from '#lib/store/store.ts';
import { HTTP_ROLES, httpPanels } from './http-panels.ts';
import { derivePoolInUse } from './pool-in-use.ts';

interface SaturationSpec extends SeriesPanelSpec {
  /** Role → how its samples fold and what to call it beside the instance. */
  readonly lines: readonly (readonly [role: Role, fold: Fold, word: string])[];
}

/** What can be full in a process. A panel without samples is left out: a service has no pool before it says so. */
const SATURATION: readonly SaturationSpec[] = [
  {
    id: 'cpu',
    title: 'CPU',
    description: 'Processor time used: 100 % is one core kept busy.',
    unit: 'ratio',
    lines: [['cpu.seconds_total', 'rate', 'used']],
  },
  {
    id: 'event-loop',
    title: 'Event loop delay',
    description:
      'How long work waits for the event loop (p99). Every request on that instance waits at least as long.',
    unit: 's',
    lines: [['eventloop.lag_p99_seconds', 'max', 'delay']],
  },
  {
    id: 'pool',
    title: 'Connection pool',
    description: 'Connections in use, how many there may be, and requests that wait for one.',
    unit: 'count',
    lines: [
      ['pool.in_use', 'max', 'in use'],
      ['pool.max', 'last', 'allowed'],
      ['pool.pending', 'max', 'waiting'],
    ],
  },
  {
    id: 'memory',
    title: 'Memory',
    description: 'Memory that the process holds, and its heap.',
    unit: 'bytes',
    lines: [
      ['process.resident_bytes', 'max', 'resident'],
      ['heap.used_bytes', 'max', 'heap in use'],
      ['heap.limit_bytes', 'last', 'heap limit'],
    ],
  },
];

const ROLES: readonly Role[] = [
  ...SATURATION.flatMap((spec) => spec.lines.map(([role]) => role)),
  'pool.size',
  'pool.idle',
  ...HTTP_ROLES,
];

function named(signals: readonly SignalSeries[], spec: SaturationSpec): NamedSeries[] {
  const instances = new Set(signals.map((signal) => signal.instance));
  return spec.lines.flatMap(([role, fold, word]) =>
    signals
      .filter((signal) => signal.role === role)
      .map((signal) => {
        const where = [instances.size > 1 ? signal.instance : '', signal.part].filter(Boolean).join(' ');
        return { name: where ? `${word} (${where})` : word, data: signal, fold };
      }),
  );
}

export function saturationPanels(signals: readonly SignalSeries[], range: TimeRange): PanelModel[] {
  const all = [...signals, ...derivePoolInUse(signals)];
  return SATURATION.map((spec) => seriesPanel(named(all, spec), range, spec)).filter(
    (panel) => panel.series.length > 0,
  );
}

/** All panels of one service: what its users feel, then what is saturated. */
export async function servicePanels(
  metrics: MetricReader,
  service: string,
  spans: readonly SpanSeries[],
  range: TimeRange,
  markers: readonly Marker[],
): Promise<PanelModel[]> {
  const entries = entrySeries(spans);
  const signals = await readSignals(metrics, ROLES, range, service);
  const fromSpans = [
    latencyPanel(entries, range),
    throughputPanel(entries, range),
    errorsPanel(entries, range),
  ];
  // Histograms stand in where there are no traces; where there are neither, the empty panels say what is missing.
  const fromMetrics = entries.length === 0 ? httpPanels(signals, range) : [];
  return [...(fromMetrics.length > 0 ? fromMetrics : fromSpans), ...saturationPanels(signals, range)].map(
    (panel) => ({ ...panel, markers }),
  );
}
