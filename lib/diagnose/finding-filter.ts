import { Fault } from '#lib/model/fault.ts';
import { parseTimeRange, type TimeRange } from '#lib/model/time-range.ts';

export interface FindingFilter {
  readonly range?: TimeRange;
  readonly state?: 'open' | 'resolved';
  readonly service?: string;
  readonly detector?: string;
}

/** `state`, `from`, `to`, `service` and `detector` of a URL; without a time all that is stored. Throws a 400 `Fault`. */
export function parseFindingFilter(ask: URLSearchParams, now: number): FindingFilter {
  const state = ask.get('state') || undefined;
  if (state !== undefined && state !== 'open' && state !== 'resolved')
    throw new Fault(400, 'bad-state', `'state' is '${state}'; write open or resolved, or leave it out`);
  const hasRange = Boolean(ask.get('from') || ask.get('to'));
  return {
    ...(state ? { state } : {}),
    ...(hasRange ? { range: parseTimeRange(ask.get('from'), ask.get('to'), now) } : {}),
    ...(ask.get('service') ? { service: ask.get('service') ?? '' } : {}),
    ...(ask.get('detector') ? { detector: ask.get('detector') ?? '' } : {}),
  };
}
