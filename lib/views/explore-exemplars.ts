import { labelValue } from '#lib/model/labels.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Expr } from '#lib/query/promql/ast.ts';
import type { ExemplarDot, Exemplars } from '#lib/show/explore.ts';
import type { Unit } from '#lib/show/panel.ts';
import type { MetricReader } from '#lib/store/store.ts';
import { selectorsOf } from './explore-walk.ts';

/** More dots than this hide one another. */
const MOST_DOTS = 80;
const TRACE_LABELS = ['trace_id', 'traceID', 'traceId'];

/** Exemplars with a trace of the series that a query reads: in each slice of the range the highest values. */
export async function exemplarsOf(
  metrics: MetricReader,
  expr: Expr,
  range: TimeRange,
  unit: Unit,
): Promise<Exemplars> {
  const found = await metrics.exemplars(
    selectorsOf(expr).map(({ matchers }) => matchers),
    range,
  );
  const dots = found.flatMap(({ labels, exemplars }) =>
    exemplars.flatMap((exemplar): ExemplarDot[] => {
      const traceId = TRACE_LABELS.map((name) => labelValue(exemplar.labels, name)).find(Boolean);
      return traceId && Number.isFinite(exemplar.value)
        ? [
            {
              at: exemplar.timestamp,
              value: exemplar.value,
              traceId,
              labels: [...labels, ...exemplar.labels],
            },
          ]
        : [];
    }),
  );
  const seen = new Map(dots.map((dot) => [`${dot.traceId} ${dot.at} ${dot.value}`, dot]));
  return { dots: spread([...seen.values()], range), total: seen.size, unit };
}

function spread(dots: readonly ExemplarDot[], { from, to }: TimeRange): ExemplarDot[] {
  if (dots.length <= MOST_DOTS) return dots.toSorted((a, b) => a.at - b.at);
  const highest = dots.toSorted((a, b) => b.value - a.value);
  const slices = MOST_DOTS / 2;
  const perSlice = new Map<number, number>();
  const kept = highest.filter(({ at }) => {
    const slice = Math.min(slices - 1, Math.floor(((at - from) / (to - from)) * slices));
    const count = perSlice.get(slice) ?? 0;
    perSlice.set(slice, count + 1);
    return count < 2;
  });
  return kept.toSorted((a, b) => a.at - b.at);
}
