import type { ChangeEvent } from '#lib/model/event.ts';
import type { Span } from '#lib/model/span.ts';
import type { DatabaseNotice, StatementRun } from '#lib/model/statement.ts';
import type { Rejection } from './store.ts';

/** µs since the epoch, or of duration: until the year 2112. Resting forms pack times by these bounds. */
const MAX_US = 2 ** 52;

const within = (value: number, max: number): boolean => value >= 0 && value <= max;

export const hasSoundTime = (item: StatementRun | DatabaseNotice | ChangeEvent): boolean =>
  within(item.at, MAX_US / 1000) && (!('durationMs' in item) || within(item.durationMs, MAX_US / 1000));

export const spanHasSoundTime = (span: Span): boolean =>
  within(span.startUs, MAX_US) && within(span.durationUs, MAX_US);

/** Leaves out items whose time is no time (NaN, negative, beyond 2112): nothing later can place them. */
export function soundOnly<T>(
  items: readonly T[],
  isSound: (item: T) => boolean,
  what: string,
): { kept: readonly T[]; rejected: Rejection[] } {
  if (items.every(isSound)) return { kept: items, rejected: [] };
  const kept = items.filter(isSound);
  const count = items.length - kept.length;
  const message = `${count} ${what} with a time or duration that is not between 1970 and 2112: check the sender's units`;
  return { kept, rejected: [{ reason: 'bad-time', message, count }] };
}
