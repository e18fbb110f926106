import { isFault } from '#lib/model/fault.ts';
import type { Matcher } from '#lib/model/metrics.ts';
import { parseDuration, type TimeRange } from '#lib/model/time-range.ts';
import { badRequest } from '../promql/fault.ts';
import { parse } from '../promql/parse.ts';

const DAY_MS = 86_400_000;

function invalid(name: string, message: string): Error {
  return badRequest(`invalid parameter "${name}": ${message}`);
}

/** Go's earliest and latest times: clients that mean "always" send them. */
const BOUNDS = new Map([
  ['-292273086-05-16T16:47:06Z', -8.64e15],
  ['292277025-08-18T07:12:54.999999999Z', 8.64e15],
]);
const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Unix seconds (with a fraction) or RFC 3339 → ms since the epoch; undefined when the parameter is absent. */
export function timeParam(form: URLSearchParams, name: string): number | undefined {
  const text = form.get(name);
  if (text === null || text === '') return undefined;
  const ms = NUMBER.test(text)
    ? Math.round(Number(text) * 1000)
    : RFC3339.test(text)
      ? Date.parse(text)
      : (BOUNDS.get(text) ?? Number.NaN);
  if (Number.isNaN(ms))
    throw invalid(name, `cannot parse "${text}" to a valid timestamp; give Unix seconds or RFC 3339`);
  return Math.min(Math.max(ms, -8.64e15), 8.64e15);
}

export function requiredTime(form: URLSearchParams, name: string): number {
  const ms = timeParam(form, name);
  if (ms === undefined)
    throw invalid(name, 'cannot parse "" to a valid timestamp; give Unix seconds or RFC 3339');
  return ms;
}

/** Seconds or a duration such as `15s` → ms; undefined when the parameter is absent. */
export function durationParam(form: URLSearchParams, name: string): number | undefined {
  const text = form.get(name);
  if (text === null || text === '') return undefined;
  const ms = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (ms === undefined || !Number.isFinite(ms))
    throw invalid(name, `cannot parse "${text}" to a valid duration; give seconds or e.g. 15s`);
  return Math.round(ms);
}

/** A whole number ≥ 0; 0 and absence both mean no limit. */
export function limitParam(form: URLSearchParams, name = 'limit'): number | undefined {
  const text = form.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw invalid(name, `limit must be a non-negative number, not "${text}"`);
  return Number(text) || undefined;
}

/** A whole number of which 0 means none at all, and a negative one, or absence, no limit. */
export function countParam(form: URLSearchParams, name: string): number {
  const text = form.get(name);
  if (text === null || text === '') return Number.POSITIVE_INFINITY;
  if (!/^-?\d{1,15}$/.test(text)) throw badRequest(`${name} must be a number`);
  return text.startsWith('-') ? Number.POSITIVE_INFINITY : Number(text);
}

/** Each `match[]` as the matchers of one selector. */
export function matchParams(form: URLSearchParams): Matcher[][] {
  return form.getAll('match[]').map((text) => selectorParam('match[]', text));
}

export function selectorParam(name: string, text: string): Matcher[] {
  const expr = inParameter(name, () => parse(text));
  const { offset, at } = expr.kind === 'selector' ? expr.shift : {};
  if (expr.kind !== 'selector' || offset !== undefined || at !== undefined)
    throw invalid(name, `"${text}" is not a series selector`);
  return [...expr.matchers];
}

/** `start` and `end` of a metadata question; without them all time up to a day from now. */
export function rangeParams(form: URLSearchParams, now: number): TimeRange {
  const from = timeParam(form, 'start') ?? 0;
  const to = timeParam(form, 'end') ?? Math.max(from, now + DAY_MS);
  if (to < from) throw invalid('end', 'end timestamp must not be before start time');
  return { from, to: Math.max(to, from + 1) };
}

/** Names the parameter in front of what is wrong with it, as Prometheus does. */
export function inParameter<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw namingParameter(name, error);
  }
}

export function namingParameter(name: string, error: unknown): unknown {
  return isFault(error) && error.code === 'bad_data' ? invalid(name, error.message) : error;
}
