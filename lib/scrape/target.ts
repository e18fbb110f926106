import { addressProblem, type TargetGroup } from '#lib/config/discovery-config.ts';
import { formatConfigDuration, parseConfigDuration } from '#lib/config/duration.ts';
import type { ScrapeConfig } from '#lib/config/scrape-config.ts';
import { type Label, type Labels, labelsKey, labelValue, makeLabels } from '#lib/model/labels.ts';
import { type LabelMap, relabel } from './relabel.ts';

/** What to scrape, after relabelling. */
export interface Target {
  /** Equal for targets that are the same to a scraper: labels and URL. */
  readonly id: string;
  readonly url: string;
  /** Labels its samples get. */
  readonly labels: Labels;
  readonly discoveredLabels: Labels;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

export type MadeTarget =
  | { readonly kind: 'target'; readonly target: Target }
  | { readonly kind: 'dropped'; readonly discoveredLabels: Labels }
  | { readonly kind: 'problem'; readonly discoveredLabels: Labels; readonly message: string };

const PARAM = '__param_';
const META = '__meta_';

/** Labels of a discovered address before relabelling: what a rule can look at. */
function discovered(config: ScrapeConfig, address: string, group: Labels): LabelMap {
  const labels: LabelMap = new Map([...group, ['__address__', address]]);
  const fill = (name: string, value: string) => {
    if (!labels.get(name) && value !== '') labels.set(name, value);
  };
  fill('job', config.jobName);
  fill('__scrape_interval__', formatConfigDuration(config.intervalMs));
  fill('__scrape_timeout__', formatConfigDuration(config.timeoutMs));
  fill('__metrics_path__', config.metricsPath);
  fill('__scheme__', config.scheme);
  for (const [name, [first]] of config.params) if (first !== undefined) fill(PARAM + name, first);
  return labels;
}

/** Relabels one discovered address. */
export function makeTarget(config: ScrapeConfig, address: string, group: Labels): MadeTarget {
  const labels = discovered(config, address, group);
  const discoveredLabels = makeLabels(labels);
  const problem = (message: string): MadeTarget => ({ kind: 'problem', discoveredLabels, message });
  if (!relabel(labels, config.relabel)) return { kind: 'dropped', discoveredLabels };
  const host = labels.get('__address__') ?? '';
  if (host === '') return problem('no address: relabelling left __address__ empty');
  const wrong = addressProblem(host);
  if (wrong !== undefined) return problem(`__address__ ${wrong}`);
  const intervalMs = parseConfigDuration(labels.get('__scrape_interval__') ?? '');
  const timeoutMs = parseConfigDuration(labels.get('__scrape_timeout__') ?? '');
  if (!intervalMs) return problem('__scrape_interval__ is not a duration above 0 after relabelling');
  if (!timeoutMs) return problem('__scrape_timeout__ is not a duration above 0 after relabelling');
  if (timeoutMs > intervalMs)
    return problem('__scrape_timeout__ is longer than __scrape_interval__ after relabelling');
  const scheme = labels.get('__scheme__') ?? '';
  if (scheme !== 'http' && scheme !== 'https')
    return problem(`__scheme__ must be http or https, not ${JSON.stringify(scheme.slice(0, 40))}`);
  if (!labels.get('instance')) labels.set('instance', host);
  for (const name of [...labels.keys()]) if (name.startsWith(META)) labels.delete(name);
  const url = targetUrl(config, scheme, host, labels);
  const own = makeLabels([...labels].filter(([name]) => !name.startsWith('__')));
  return {
    kind: 'target',
    target: { id: `${labelsKey(own)} ${url}`, url, labels: own, discoveredLabels, intervalMs, timeoutMs },
  };
}

function targetUrl(config: ScrapeConfig, scheme: string, host: string, labels: LabelMap): string {
  const url = new URL(`${scheme}://${host}/`);
  url.pathname = labels.get('__metrics_path__') ?? '/';
  const params = new Map(config.params.map(([name, values]) => [name, [...values]]));
  for (const [name, value] of labels) {
    if (!name.startsWith(PARAM)) continue;
    const values = params.get(name.slice(PARAM.length));
    if (values === undefined) params.set(name.slice(PARAM.length), [value]);
    else values[0] = value;
  }
  for (const [name, values] of params) for (const value of values) url.searchParams.append(name, value);
  url.searchParams.sort();
  return url.href;
}

/** All targets of a scrape config, each address once. */
export function makeTargets(config: ScrapeConfig, groups: Iterable<TargetGroup>): MadeTarget[] {
  const seen = new Set<string>();
  const made: MadeTarget[] = [];
  for (const { targets, labels } of groups) {
    for (const address of targets) {
      const one = makeTarget(config, address, labels);
      if (one.kind === 'target') {
        if (seen.has(one.target.id)) continue;
        seen.add(one.target.id);
      }
      made.push(one);
    }
  }
  return made;
}

/** The labels of a sample with the target's, before metric relabelling. Empty values count as given, as in Prometheus. */
export function withTargetLabels(own: readonly Label[], target: Labels, honor: boolean): LabelMap {
  const labels: LabelMap = new Map(own);
  if (honor) {
    for (const [name, value] of target) if (!labels.has(name)) labels.set(name, value);
  } else {
    const clashes: Label[] = [];
    for (const [name, value] of target) {
      const exposed = labels.get(name);
      if (exposed) clashes.push([name, exposed]);
      labels.set(name, value);
    }
    clashes.sort(([a], [b]) => a.length - b.length);
    for (const [name, value] of clashes) {
      let renamed = `exported_${name}`;
      while (labels.get(renamed)) renamed = `exported_${renamed}`;
      labels.set(renamed, value);
    }
  }
  for (const [name, value] of [...labels]) if (value === '') labels.delete(name);
  return labels;
}

/** `job` and `instance` of a target, for a log line. */
export function targetName({ labels }: Target): { readonly job: string; readonly instance: string } {
  return { job: labelValue(labels, 'job'), instance: labelValue(labels, 'instance') };
}
