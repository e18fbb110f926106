/** One node of a query's tree; the nodes stand in the order in which they are written. */
export interface QueryNode {
  readonly depth: number;
  /** The node without what is below it: `sum by (route)`, `rate`, `http_requests_total{…}[5m]`. */
  readonly text: string;
  /** What it does, in words. */
  readonly words: string;
  /** Series it yields at the end of the range; undefined when it was not asked or could not be answered cheaply. */
  readonly series: number | undefined;
}

/** What one selector of a query read. */
export interface SelectorStats {
  /** As PromQL, with its range and shift. */
  readonly text: string;
  readonly series: number;
  readonly samples: number;
  /** ms spent in the store */
  readonly ms: number;
}

/** What a query costs when nothing of its answer is kept. */
export interface QueryCost {
  /** ms in all */
  readonly ms: number;
  /** Of these, ms spent in the store. */
  readonly selectMs: number;
  /** Times at which the query was evaluated. */
  readonly points: number;
  /** Read from the store; a selector written twice is read once. */
  readonly samples: number;
  readonly selectors: readonly SelectorStats[];
}

export interface ExplainModel {
  readonly nodes: readonly QueryNode[];
  /** ms since the epoch at which the series were counted */
  readonly at: number;
  /** Undefined when the query fails. */
  readonly cost: QueryCost | undefined;
}

/** A query worth trying, made from what is stored. */
export interface Suggestion {
  readonly title: string;
  readonly query: string;
  readonly why: string;
}

export interface ExploreStartModel {
  readonly suggestions: readonly Suggestion[];
  readonly metrics: number;
}

export interface MetricRow {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

export interface MetricsModel {
  readonly rows: readonly MetricRow[];
  /** Metrics that match the search. */
  readonly total: number;
}

export interface LabelRow {
  readonly name: string;
  /** How many there are in all. */
  readonly total: number;
  readonly values: readonly string[];
}

export interface MetricLabelsModel {
  readonly metric: string;
  readonly labels: readonly LabelRow[];
}

/** A metric's selector; a name that is no identifier stands quoted in braces. */
export function selectorOf(metric: string): string {
  return /^[a-zA-Z_:][\w:]*$/.test(metric) ? metric : `{${JSON.stringify(metric)}}`;
}

/** What one would ask of a metric first, by its type. */
export function starterQuery(metric: { readonly name: string; readonly type: string }): string {
  const { name, type } = metric;
  const selector = selectorOf(name);
  if (name.endsWith('_bucket')) return `histogram_quantile(0.95, sum by (le) (rate(${selector}[5m])))`;
  if (type === 'counter' || (type !== 'gauge' && /_(?:total|count|sum)$/.test(name)))
    return `sum(rate(${selector}[5m]))`;
  return selector;
}

/** The series of a metric with one value of a label. */
export function withMatcher(metric: string, label: string, value: string): string {
  const name = /^[a-zA-Z_]\w*$/.test(label) ? label : JSON.stringify(label);
  const plain = /^[a-zA-Z_:][\w:]*$/.test(metric);
  const matcher = `${name}=${JSON.stringify(value)}`;
  return plain ? `${metric}{${matcher}}` : `{${JSON.stringify(metric)}, ${matcher}}`;
}
