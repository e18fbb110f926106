import type { MetricReader } from '#lib/store/store.ts';
import type { QueryData, QueryOptions, QueryResult } from '../promql/engine.ts';
import { instantQuery, rangeQuery } from '../promql/engine.ts';
import { badRequest } from '../promql/fault.ts';
import { parse } from '../promql/parse.ts';
import { print } from '../promql/print.ts';
import { queryJson, streamed, success } from './answer.ts';
import {
  durationParam,
  inParameter,
  limitParam,
  namingParameter,
  requiredTime,
  timeParam,
} from './params.ts';

const MAX_TIMEOUT_MS = 120_000;

/** `/api/v1/query` */
export async function query(metrics: MetricReader, form: URLSearchParams, now: number): Promise<Response> {
  const timeMs = timeParam(form, 'time') ?? now;
  const limit = limitParam(form);
  const options = { ...optionsOf(form), timeMs };
  return respond(await namingQuery(instantQuery(metrics, form.get('query') ?? '', options)), limit);
}

/** `/api/v1/query_range` */
export async function queryRange(metrics: MetricReader, form: URLSearchParams): Promise<Response> {
  const startMs = requiredTime(form, 'start');
  const endMs = requiredTime(form, 'end');
  if (endMs < startMs)
    throw badRequest('invalid parameter "end": end timestamp must not be before start time');
  const stepMs = durationParam(form, 'step');
  if (stepMs === undefined || stepMs <= 0)
    throw badRequest(
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if (Math.floor((endMs - startMs) / stepMs) + 1 > 11_000)
    throw badRequest(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  const limit = limitParam(form);
  const options = { ...optionsOf(form), startMs, endMs, stepMs };
  return respond(await namingQuery(rangeQuery(metrics, form.get('query') ?? '', options)), limit);
}

/** `/api/v1/format_query` */
export function formatQuery(form: URLSearchParams): Response {
  return success(inParameter('query', () => print(parse(form.get('query') ?? ''))));
}

function optionsOf(form: URLSearchParams): QueryOptions {
  const timeoutMs = Math.min(durationParam(form, 'timeout') ?? MAX_TIMEOUT_MS, MAX_TIMEOUT_MS);
  const lookbackMs = durationParam(form, 'lookback_delta');
  if (lookbackMs !== undefined && lookbackMs <= 0)
    throw badRequest('invalid parameter "lookback_delta": it must be greater than 0');
  return { limits: { timeoutMs }, ...(lookbackMs === undefined ? {} : { lookbackMs }) };
}

async function namingQuery<R>(asked: Promise<R>): Promise<R> {
  try {
    return await asked;
  } catch (error) {
    throw namingParameter('query', error);
  }
}

function respond({ data, warnings, infos }: QueryResult, limit: number | undefined): Response {
  const cut = limit === undefined ? data : truncated(data, limit);
  const notes = cut === data ? warnings : [...warnings, 'results truncated due to limit'];
  return streamed(queryJson(cut), { warnings: notes, infos });
}

function truncated(data: QueryData, limit: number): QueryData {
  if (data.type === 'vector' && data.elements.length > limit)
    return { ...data, elements: data.elements.slice(0, limit) };
  if (data.type === 'matrix' && data.series.length > limit)
    return { ...data, series: data.series.slice(0, limit) };
  return data;
}
