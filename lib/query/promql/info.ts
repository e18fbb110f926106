import type { Label, Labels } from '#lib/model/labels.ts';
import { labelsKey, labelValue, METRIC_NAME, makeLabels } from '#lib/model/labels.ts';
import type { Matcher, SeriesData } from '#lib/model/metrics.ts';
import type { Expr, TimeShift, VectorSelector } from './ast.ts';
import { withoutParens } from './ast.ts';
import { WindowBounds } from './bounds.ts';
import { argument, type CallContext } from './call-context.ts';
import { executionFault } from './fault.ts';
import { print } from './print.ts';
import { cleaned } from './range-series.ts';
import { reference } from './reference.ts';
import { escaped, matcherTest, matchesEmpty } from './regex.ts';
import { labelsText } from './signature.ts';
import type { Column } from './value.ts';
import { anyPresent, mergeSameLabels } from './value.ts';

const IDENTIFYING = ['instance', 'job'];
const TARGET_INFO: Matcher = { name: METRIC_NAME, op: '=', value: 'target_info' };

interface InfoSeries {
  readonly labels: Labels;
  readonly name: string;
  /** Per step the time of the sample that the lookback finds; −∞ where there is none. */
  readonly sampleTimes: Float64Array;
}

/** Adds the labels of info metrics (`target_info` unless told) that share a series' `job` and `instance`. */
export async function info(context: CallContext): Promise<Column[]> {
  const columns = await context.vector(argument(context, 0));
  const given = context.expr.args[1];
  const selector = given && withoutParens(given);
  const asked = selector?.kind === 'selector' ? selector.matchers : [];
  const data = asked.filter(({ name }) => name !== METRIC_NAME);
  const named = asked.filter(({ name }) => name === METRIC_NAME);
  const names = named.length ? named : [TARGET_INFO];
  const nameTests = names.map(matcherTest);
  const isInfo = ({ labels }: Column): boolean =>
    (selector === undefined || named.length > 0) &&
    nameTests.every((test) => test(labelValue(labels, METRIC_NAME)));
  const plain = columns.filter((column) => !isInfo(column));
  const found = await infoSeries(context, plain, [...names, ...data]);
  const byIdentity = new Map<string, Map<string, InfoSeries[]>>();
  for (const series of found) {
    const key = identity(series.labels);
    const byName = byIdentity.get(key) ?? new Map<string, InfoSeries[]>();
    byIdentity.set(key, byName);
    byName.set(series.name, [...(byName.get(series.name) ?? []), series]);
  }
  const wanted = new Set(data.map(({ name }) => name));
  const keepsUnmatched = data.every(matchesEmpty);
  const result: Column[] = [];
  for (const column of columns) {
    if (isInfo(column)) result.push(column);
    else result.push(...enriched(column, byIdentity.get(identity(column.labels)), wanted, keepsUnmatched));
    if (context.evaluation.due()) await context.evaluation.pause();
  }
  return mergeSameLabels(context.evaluation, result);
}

function identity(labels: Labels): string {
  return labelsKey(labels.filter(([name]) => IDENTIFYING.includes(name)));
}

/** Info series that any of the columns could join, with the samples the selector's own time shift would see. */
async function infoSeries(
  { evaluation, grid, expr }: CallContext,
  columns: readonly Column[],
  matchers: readonly Matcher[],
): Promise<InfoSeries[]> {
  const identifying: Matcher[] = [];
  for (const name of IDENTIFYING) {
    const values = new Set(columns.map(({ labels }) => labelValue(labels, name)));
    values.delete('');
    if (values.size) identifying.push({ name, op: '=~', value: [...values].map(escaped).join('|') });
  }
  if (identifying.length === 0) return [];
  const shift = (expr.args[0] && firstShift(expr.args[0])) ?? { offset: undefined, at: undefined };
  const ref = reference(evaluation, shift, grid);
  const selector: VectorSelector = {
    kind: 'selector',
    name: undefined,
    matchers: [...matchers, ...identifying],
    shift,
    extension: undefined,
    position: expr.position,
  };
  const found: SeriesData[] = await evaluation.fetch(
    selector.matchers,
    ref.firstMs - evaluation.lookbackMs,
    ref.lastMs,
    print(selector),
    { func: 'info', rangeMs: 0, stepMs: grid.stepMs },
  );
  const windows = new WindowBounds(ref, evaluation.lookbackMs, grid.steps);
  return found.map(({ labels, timestamps, values, histograms }) => {
    if (histograms) throw executionFault('info sample should be float');
    const raw = { labels, times: timestamps, values, histograms, clean: false, dropName: false };
    const { times } = cleaned(raw);
    const { hi } = windows.of(timestamps);
    const sampleTimes = Float64Array.from({ length: grid.steps }, (_, i) => {
      const end = hi[i] ?? 0;
      const latest = timestamps[end - 1] ?? Number.NEGATIVE_INFINITY;
      const within = latest > ref.firstMs + i * ref.stepMs - evaluation.lookbackMs;
      return end > 0 && within && times.includes(latest) ? latest : Number.NEGATIVE_INFINITY;
    });
    return { labels, name: labelValue(labels, METRIC_NAME), sampleTimes };
  });
}

/** `offset` and `@` of the first selector in an expression: info metrics are looked up there too. */
function firstShift(expr: Expr): TimeShift | undefined {
  switch (expr.kind) {
    case 'selector':
      return expr.shift;
    case 'matrix':
      return expr.selector.shift;
    case 'paren':
    case 'unary':
    case 'subquery':
    case 'aggregation':
      return firstShift(expr.expr);
    case 'binary':
      return firstShift(expr.left) ?? firstShift(expr.right);
    case 'call':
      for (const part of expr.args) {
        const found = firstShift(part);
        if (found) return found;
      }
      return undefined;
    default:
      return undefined;
  }
}

/** The column, cut where the labels it gets change. */
function enriched(
  column: Column,
  byName: ReadonlyMap<string, readonly InfoSeries[]> | undefined,
  wanted: ReadonlySet<string>,
  keepsUnmatched: boolean,
): Column[] {
  const pieces = new Map<string, { readonly labels: Labels; readonly present: Uint8Array }>();
  for (let step = 0; step < column.present.length; step++) {
    if (!column.present[step]) continue;
    const added = new Map<string, string>();
    let matched = false;
    for (const candidates of byName?.values() ?? []) {
      const newest = newestAt(candidates, step);
      if (!newest) continue;
      matched = true;
      addLabels(added, newest.labels, column.labels, wanted);
    }
    if (!matched && !keepsUnmatched) continue;
    const labels = added.size ? makeLabels([...column.labels, ...(added as Iterable<Label>)]) : column.labels;
    const key = labelsKey(labels);
    let piece = pieces.get(key);
    if (!piece) {
      piece = { labels, present: new Uint8Array(column.present.length) };
      pieces.set(key, piece);
    }
    piece.present[step] = 1;
  }
  return [...pieces.values()].flatMap((piece) =>
    anyPresent(piece.present) ? [{ ...column, ...piece }] : [],
  );
}

/** The series whose sample is the latest; two that are equally late contradict each other. */
function newestAt(candidates: readonly InfoSeries[], step: number): InfoSeries | undefined {
  let newest: InfoSeries | undefined;
  let best = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    const at = candidate.sampleTimes[step] ?? Number.NEGATIVE_INFINITY;
    if (at === Number.NEGATIVE_INFINITY || at < best) continue;
    if (newest && at === best)
      throw executionFault(
        `found duplicate series for info metric: existing ${labelsText(newest.labels)} @ ${best}, new ${labelsText(candidate.labels)} @ ${at}`,
      );
    newest = candidate;
    best = at;
  }
  return newest;
}

function addLabels(
  added: Map<string, string>,
  info: Labels,
  base: Labels,
  wanted: ReadonlySet<string>,
): void {
  for (const [name, value] of info) {
    if (name === METRIC_NAME || (wanted.size > 0 && !wanted.has(name))) continue;
    const known = added.get(name);
    if (known !== undefined && known !== value) throw executionFault(`conflicting label: ${name}`);
    if (labelValue(base, name) === '') added.set(name, value);
  }
}
