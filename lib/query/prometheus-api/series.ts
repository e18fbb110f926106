import { type Labels, labelsKey, labelsObject } from '#lib/model/labels.ts';
import { sortInTurns, sortTexts } from '#lib/store/metrics/sort-texts.ts';
import { SliceOfTime } from '#lib/store/slice-of-time.ts';
import type { MetricReader } from '#lib/store/store.ts';
import { badRequest } from '../promql/fault.ts';
import { compareLabels } from '../promql/value.ts';
import { listOf, streamed } from './answer.ts';
import { unescapeName } from './escaped-name.ts';
import { countParam, limitParam, matchParams, rangeParams } from './params.ts';

const TRUNCATED = { warnings: ['results truncated due to limit'] };

function limited<T>(
  items: readonly T[],
  limit: number | undefined,
  toJson: (item: T) => unknown = (item) => item,
): Response {
  return limit !== undefined && items.length > limit
    ? streamed(listOf(items.slice(0, limit), toJson), TRUNCATED)
    : streamed(listOf(items, toJson));
}

/** `/api/v1/series`: label sets that satisfy any of the selectors. */
export async function series(metrics: MetricReader, form: URLSearchParams, now: number): Promise<Response> {
  const selectors = matchParams(form);
  if (selectors.length === 0) throw badRequest('no match[] parameter provided');
  const range = rangeParams(form, now);
  const limit = limitParam(form);
  const found = new Map<string, Labels>();
  const slice = new SliceOfTime();
  for (const matchers of selectors)
    for (const labels of await metrics.series(matchers, range)) {
      found.set(labelsKey(labels), labels);
      if (slice.over()) await slice.next();
    }
  return limited(await sortInTurns(found.values(), compareLabels), limit, labelsObject);
}

/** `/api/v1/labels`: names of labels, of all series or of those that satisfy any of the selectors. */
export async function labels(metrics: MetricReader, form: URLSearchParams, now: number): Promise<Response> {
  return distinct(form, (matchers) => metrics.labelNames(matchers, rangeParams(form, now)));
}

/** `/api/v1/label/<name>/values` */
export async function labelValues(
  metrics: MetricReader,
  name: string,
  form: URLSearchParams,
  now: number,
): Promise<Response> {
  const label = unescapeName(name);
  if (label === '') throw badRequest('invalid label name: ""');
  return distinct(form, (matchers) => metrics.labelValues(label, matchers, rangeParams(form, now)));
}

async function distinct(
  form: URLSearchParams,
  ask: (matchers: ReturnType<typeof matchParams>[number]) => Promise<string[]>,
): Promise<Response> {
  const selectors = matchParams(form);
  const limit = limitParam(form);
  const found = new Set<string>();
  for (const matchers of selectors.length ? selectors : [[]])
    for (const item of await ask(matchers)) found.add(item);
  return limited(await sortTexts(found), limit);
}

/** `/api/v1/metadata`: type, help and unit by metric. */
export async function metadata(metrics: MetricReader, form: URLSearchParams): Promise<Response> {
  const limit = countParam(form, 'limit');
  const perMetric = limitParam(form, 'limit_per_metric');
  const byName = new Map<string, { type: string; help: string; unit: string }[]>();
  for (const { name, type, help, unit } of await metrics.metadata(form.get('metric') || undefined)) {
    const entries = byName.get(name) ?? [];
    if (entries.length === 0 && byName.size >= limit) continue;
    if (perMetric === undefined || entries.length < perMetric) entries.push({ type, help, unit });
    byName.set(name, entries);
  }
  return streamed(objectOf(byName));
}

function* objectOf(entries: Iterable<readonly [string, unknown]>): Generator<string> {
  let before = '{';
  for (const [name, value] of entries) {
    yield `${before}${JSON.stringify(name)}:${JSON.stringify(value)}`;
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}
