import type { QueryData, QueryResult } from '../promql/engine.ts';
import { badRequest } from '../promql/fault.ts';
import { parse } from '../promql/parse.ts';
import { print } from '../promql/print.ts';
import type { AskOptions, QueryRunner } from '../runner/runner.ts';
import { streamed, success } from './answer.ts';
import {
  durationParam,
  inParameter,
  limitParam,
  namingParameter,
  requiredTime,
  timeParam,
} from './params.ts';
import { queryJson } from './query-json.ts';

/** Who asks, beside the question itself. */
export interface Client {
  /** Aborts when it goes away. */
  readonly signal?: AbortSignal;
  readonly address?: string | undefined;
  readonly headers: { get(name: string): string | null };
}

/** `/api/v1/query` */
export async function query(
  queries: QueryRunner,
  form: URLSearchParams,
  client: Client,
  now: number,
): Promise<Response> {
  const timeMs = timeParam(form, 'time') ?? now;
  const limit = limitParam(form);
  const asked = queries.instant(form.get('query') ?? '', { ...optionsOf(form, client), timeMs });
  return respond(await namingQuery(asked), form, limit);
}

/** `/api/v1/query_range` */
export async function queryRange(
  queries: QueryRunner,
  form: URLSearchParams,
  client: Client,
): Promise<Response> {
  const startMs = requiredTime(form, 'start');
  const endMs = requiredTime(form, 'end');
  if (endMs < startMs)
    throw badRequest('invalid parameter "end": end timestamp must not be before start time');
  const stepMs = durationParam(form, 'step');
  if (stepMs === undefined) throw badRequest('invalid parameter "step": cannot parse "" to a valid duration');
  if (stepMs <= 0)
    throw badRequest(
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  if (Math.floor((endMs - startMs) / stepMs) > 11_000)
    throw badRequest(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  const limit = limitParam(form);
  const noCache =
    /^(?:1|true)$/.test(form.get('nocache') ?? '') ||
    /\bno-(?:cache|store)\b/i.test(client.headers.get('cache-control') ?? '');
  const asked = queries.range(form.get('query') ?? '', {
    ...optionsOf(form, client),
    startMs,
    endMs,
    stepMs,
    noCache,
  });
  return respond(await namingQuery(asked), form, limit);
}

/** `/api/v1/format_query` */
export function formatQuery(form: URLSearchParams): Response {
  return success(inParameter('query', () => print(parse(form.get('query') ?? ''))));
}

function optionsOf(form: URLSearchParams, { signal, headers, address }: Client): AskOptions {
  const timeoutMs = durationParam(form, 'timeout');
  if (timeoutMs !== undefined && timeoutMs <= 0)
    throw badRequest('invalid parameter "timeout": it must be greater than 0');
  const lookbackMs = durationParam(form, 'lookback_delta');
  if (lookbackMs !== undefined && lookbackMs <= 0)
    throw badRequest('invalid parameter "lookback_delta": it must be greater than 0');
  return {
    caller: [address, headers.get('x-grafana-user'), headers.get('x-dashboard-uid')].join(' '),
    ...(signal ? { signal } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(lookbackMs === undefined ? {} : { lookbackMs }),
  };
}

async function namingQuery<R>(asked: Promise<R>): Promise<R> {
  try {
    return await asked;
  } catch (error) {
    throw namingParameter('query', error);
  }
}

function respond(
  { data, warnings, infos, stats }: QueryResult,
  form: URLSearchParams,
  limit: number | undefined,
): Response {
  const cut = limit === undefined ? data : truncated(data, limit);
  const notes = cut === data ? warnings : [...warnings, 'results truncated due to limit'];
  return streamed(queryJson(cut, form.get('stats') ? stats : undefined), { warnings: notes, infos });
}

function truncated(data: QueryData, limit: number): QueryData {
  if (data.type === 'vector' && data.elements.length > limit)
    return { ...data, elements: data.elements.slice(0, limit) };
  if (data.type === 'matrix' && data.series.length > limit)
    return { ...data, series: data.series.slice(0, limit) };
  return data;
}
