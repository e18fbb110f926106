import type { Label, Labels } from '#lib/model/labels.ts';
import type { PanelModel, Unit } from './panel.ts';

export const EXPLORE_TABS = ['graph', 'table', 'stat'] as const;
export type ExploreTab = (typeof EXPLORE_TABS)[number];

/** More queries than this stand in nobody's head at once. */
export const MOST_QUERIES = 10;

/** Why a query gave no answer. */
export interface QueryProblem {
  readonly message: string;
  /** Offset into the query; undefined when the fault is not in its text. */
  readonly at: number | undefined;
}

/** One observation with a trace, as a dot on a graph. */
export interface ExemplarDot {
  /** ms since the epoch */
  readonly at: number;
  readonly value: number;
  readonly traceId: string;
  /** Labels of the series and of the exemplar itself. */
  readonly labels: Labels;
}

export interface Exemplars {
  readonly dots: readonly ExemplarDot[];
  /** How many there are in all. */
  readonly total: number;
  readonly unit: Unit;
}

export interface GraphResult {
  readonly kind: 'graph';
  readonly panel: PanelModel;
  /** ms between two points */
  readonly stepMs: number;
  /** Points that are not a number or infinite: they have no place on a graph. */
  readonly undrawn: number;
  readonly exemplars: Exemplars;
}

export interface TableRow {
  readonly labels: Labels;
  /** As Prometheus writes it: `NaN`, `+Inf`, shortest float; a native histogram as its count and sum. */
  readonly value: string;
  /** The samples of a range selector, newest first: ms since the epoch and value. */
  readonly samples?: readonly (readonly [number, string])[];
  /** Samples there are; more than `samples.length` when older ones were left out. */
  readonly samplesTotal?: number;
}

export interface TableResult {
  readonly kind: 'table';
  /** ms since the epoch at which the query was evaluated */
  readonly at: number;
  readonly type: 'scalar' | 'string' | 'vector' | 'matrix';
  readonly unit: Unit;
  readonly rows: readonly TableRow[];
  readonly rowsTotal: number;
}

/** The answer to one query of the Explore page. */
export interface ExploreModel {
  readonly query: string;
  readonly range: { readonly from: number; readonly to: number };
  readonly problem?: QueryProblem;
  readonly result?: GraphResult | TableResult;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  /** ms until the server had the answer; answers that were kept come at once. */
  readonly ms: number;
}

/** `A`, `B`, … by place. */
export function queryLetter(index: number): string {
  return String.fromCharCode(65 + index);
}

const label = ([name, value]: Label): string => `${labelName(name)}=${JSON.stringify(value)}`;

/** Names that are not identifiers are quoted, as PromQL writes them. */
function labelName(name: string): string {
  return /^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

/** `http_requests_total{method="GET"}`; `{}` for no labels at all. */
export function seriesText(labels: Labels): string {
  const name = labels.find(([key]) => key === '__name__')?.[1];
  const rest = labels.filter(([key]) => key !== '__name__');
  const isPlain = name !== undefined && /^[a-zA-Z_:][\w:]*$/.test(name);
  if (rest.length === 0) return isPlain ? name : name === undefined ? '{}' : `{${JSON.stringify(name)}}`;
  const quoted = name !== undefined && !isPlain ? [JSON.stringify(name)] : [];
  return `${isPlain ? name : ''}{${[...quoted, ...rest.map(label)].join(', ')}}`;
}

/**
 * A short name for each series: only the labels in which they differ. One that stands alone keeps all of its labels;
 * one without any is called `fallback`.
 */
export function shortNames(all: readonly Labels[], fallback: string): string[] {
  const values = new Map<string, Set<string>>();
  for (const labels of all)
    for (const [name, value] of labels) values.set(name, (values.get(name) ?? new Set()).add(value));
  const everywhere = (name: string) => all.every((labels) => labels.some(([key]) => key === name));
  const differs = (name: string) => (values.get(name)?.size ?? 0) > 1 || !everywhere(name);
  return all.map((labels) => {
    const telling = all.length === 1 ? labels : labels.filter(([name]) => differs(name));
    const text = seriesText(telling);
    return text === '{}' ? fallback : text;
  });
}

/** The labels that all of several label sets share; one alone shares with nobody. */
export function commonLabels(all: readonly Labels[]): Labels {
  const [first = [], ...others] = all;
  if (others.length === 0) return [];
  return first.filter(([name, value]) =>
    others.every((labels) => labels.some((other) => other[0] === name && other[1] === value)),
  );
}
