import type { z } from 'zod';
import { services } from '#lib/query/services.ts';
import { arrivals } from '#lib/show/arrival.ts';
import { rankFindings } from '#lib/show/finding-order.ts';
import { type OverviewModel, verdictOf } from '#lib/show/overview.ts';
import { serviceRows } from '#lib/show/service-row.ts';
import { isLive, RangeParams, rangeOf, type View } from './view.ts';

const MOST_CHANGES = 10;

/** Are we fine? If not: what is it, how sure, what next. */
export const overviewView: View<z.infer<typeof RangeParams>, OverviewModel> = {
  name: 'overview',
  params: RangeParams,
  async run({ store, now }, params) {
    const range = rangeOf(params, now);
    const [summaries, spans, found, events, stats] = await Promise.all([
      services(store, range),
      store.traces.spanSeries(range),
      store.findings.list({ range }),
      store.events.list(range),
      store.stats(),
    ]);
    const findings = rankFindings(found);
    // Of a past window everything seen in it counts; of the present what is still so.
    const live = isLive(range, now);
    const holding = live ? findings.filter((finding) => finding.state === 'open') : findings;
    const rows = serviceRows(summaries, spans, range);
    const lastSeen = Math.max(stats.arrived.metrics.last ?? 0, stats.arrived.spans.last ?? 0);
    return {
      now,
      range,
      verdict: verdictOf(holding, rows, {
        resolved: findings.length - holding.length,
        silentMs: live && lastSeen > 0 ? now - lastSeen : undefined,
      }),
      findings,
      services: rows,
      changes: events.slice(-MOST_CHANGES).reverse(),
      arrivals: arrivals(stats.arrived),
    };
  },
};
