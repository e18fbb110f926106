import { connectView } from './connect.ts';
import { exploreView } from './explore.ts';
import { explainView } from './explore-explain.ts';
import { metricLabelsView, metricsView } from './explore-metrics.ts';
import { exploreStartView } from './explore-start.ts';
import { findingView } from './finding.ts';
import { findingsView } from './findings.ts';
import { overviewView } from './overview.ts';
import { panelView } from './panel.ts';
import { playbookView } from './playbook.ts';
import { playbooksView } from './playbooks.ts';
import { queriesView } from './queries.ts';
import { queryView } from './query.ts';
import { serviceView } from './service.ts';
import { servicesView } from './services.ts';
import { storageView } from './storage.ts';
import { targetsView } from './targets.ts';
import { traceView } from './trace.ts';
import { tracesView } from './traces.ts';
import { type BoundView, bindView } from './view.ts';

/** Every view there is; a page's question is one line here. */
export const VIEWS: readonly BoundView[] = [
  bindView(overviewView),
  bindView(servicesView),
  bindView(serviceView),
  bindView(panelView),
  bindView(connectView),
  bindView(targetsView),
  bindView(queriesView),
  bindView(queryView),
  bindView(tracesView),
  bindView(traceView),
  bindView(findingsView),
  bindView(findingView),
  bindView(playbooksView),
  bindView(playbookView),
  bindView(exploreView),
  bindView(explainView),
  bindView(exploreStartView),
  bindView(metricsView),
  bindView(metricLabelsView),
  bindView(storageView),
];

export function findView(name: string): BoundView | undefined {
  return VIEWS.find((view) => view.name === name);
}
