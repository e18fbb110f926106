import { z } from 'zod';
import { services } from '#lib/query/services.ts';
import { rankFindings } from '#lib/show/finding-order.ts';
import { markersOf } from '#lib/show/markers.ts';
import { dependencyRows, operationRows } from '#lib/show/operation-row.ts';
import type { ServiceModel } from '#lib/show/service.ts';
import { entrySeries } from '#lib/show/span-panels.ts';
import { servicePanels } from './service-panels.ts';
import { RangeParams, rangeOf, type View } from './view.ts';

const Params = RangeParams.extend({ service: z.string().min(1).max(500) });

export const serviceView: View<z.infer<typeof Params>, ServiceModel> = {
  name: 'service',
  params: Params,
  async run({ store, now }, params) {
    const { service } = params;
    const range = rangeOf(params, now);
    const [summaries, spans, found, events] = await Promise.all([
      services(store, range),
      store.traces.spanSeries(range, { service }),
      store.findings.list({ service, range }),
      store.events.list(range, { service }),
    ]);
    const findings = rankFindings(found);
    const markers = markersOf(events, findings, range);
    return {
      now,
      range,
      numbers: summaries.find((summary) => summary.service === service) ?? {
        service,
        health: 'unknown',
        source: 'none',
        rate: 0,
        openFindings: findings.length,
      },
      panels: await servicePanels(store.metrics, service, spans, range, markers),
      operations: operationRows(entrySeries(spans), range),
      dependencies: dependencyRows(spans, range),
      findings,
      changes: events.toReversed(),
    };
  },
};
