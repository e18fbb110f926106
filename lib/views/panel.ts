import { z } from 'zod';
import { Fault } from '#lib/model/fault.ts';
import { markersOf } from '#lib/show/markers.ts';
import type { PanelModel } from '#lib/show/panel.ts';
import { queriesPanel } from './explore-embed.ts';
import { servicePanels } from './service-panels.ts';
import { RangeParams, rangeOf, type View } from './view.ts';

const Params = RangeParams.extend({
  /** `service.<panel id>`: `service.latency`, `service.throughput`, `service.errors`, `service.cpu` …; `explore.graph` */
  panel: z.string().max(100),
  service: z.string().min(1).max(500).optional(),
  /** For `explore.graph`: PromQL, several as a JSON list. */
  queries: z.string().max(5000).optional(),
});

/** One panel alone, for embeds and images. */
export const panelView: View<z.infer<typeof Params>, PanelModel> = {
  name: 'panel',
  params: Params,
  async run(context, params) {
    if (params.panel === 'explore.graph') return queriesPanel(context, params);
    const { store, now } = context;
    const range = rangeOf(params, now);
    const { service } = params;
    if (service === undefined)
      throw new Fault(400, 'bad-parameters', `panel '${params.panel}' needs a service; give params.service`);
    const [spans, events, findings] = await Promise.all([
      store.traces.spanSeries(range, { service }),
      store.events.list(range, { service }),
      store.findings.list({ range, service }),
    ]);
    const panels = await servicePanels(
      store.metrics,
      service,
      spans,
      range,
      markersOf(events, findings, range),
    );
    const found = panels.find((panel) => `service.${panel.id}` === params.panel);
    if (found) return found;
    const known = panels.map((panel) => `service.${panel.id}`).join(', ');
    throw new Fault(
      404,
      'unknown-panel',
      `there is no panel '${params.panel}' for service '${service}'; it has ${known}`,
    );
  },
};
