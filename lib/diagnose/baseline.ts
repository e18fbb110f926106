import type { Finding } from '#lib/model/finding.ts';
import type { TimeRange } from '#lib/model/time-range.ts';

const HOUR = 3_600_000;
/** Less calm time than this within the hour, and two more hours are looked at. */
const ENOUGH_MS = 600_000;
/** The effect of a fault starts before it is noticed and dies away after it is gone. */
const MARGIN_MS = 45_000;

/** What is left of `range` when the others are taken out, ascending. */
export function subtract(range: TimeRange, others: readonly TimeRange[]): TimeRange[] {
  let left: TimeRange[] = [range];
  for (const other of others)
    left = left.flatMap((r) => {
      if (other.to <= r.from || other.from >= r.to) return [r];
      const parts = [
        { from: r.from, to: other.from },
        { from: other.to, to: r.to },
      ];
      return parts.filter((part) => part.from < part.to);
    });
  return left;
}

/** When an incident kept things from being usual. Advice that is always true does not. */
export function incidentTimes(findings: readonly Finding[], now: number): TimeRange[] {
  return findings
    .filter((f) => f.severity !== 'info')
    .map((f) => ({
      from: f.firstSeen - MARGIN_MS,
      to: (f.state === 'open' ? Math.max(now, f.lastSeen) : f.lastSeen) + MARGIN_MS,
    }));
}

/**
 * The calm time before `before`: the hour, without incidents. A fault that has been on for longer than that still has
 * the hour before its onset to be compared with.
 */
export function baselineBefore(before: number, incidents: readonly TimeRange[]): TimeRange[] {
  const calm = (to: number, hours: number): TimeRange[] =>
    subtract({ from: to - hours * HOUR, to }, incidents);
  const length = (ranges: readonly TimeRange[]) => ranges.reduce((sum, r) => sum + r.to - r.from, 0);
  for (const hours of [1, 3]) {
    const ranges = calm(before, hours);
    if (length(ranges) >= ENOUGH_MS) return ranges;
  }
  const onset = Math.min(before, ...incidents.filter((i) => i.to > before - 3 * HOUR).map((i) => i.from));
  return calm(onset, 1);
}

/** What each service is compared with: an incident elsewhere does not make its own past unusual. */
export interface OwnBaselines {
  readonly untouched: readonly TimeRange[];
  /** services that had incidents */
  readonly byService: ReadonlyMap<string, readonly TimeRange[]>;
}

export function ownBaselines(before: number, findings: readonly Finding[], now: number): OwnBaselines {
  const byService = new Map<string, readonly TimeRange[]>();
  for (const service of new Set(findings.map((f) => f.subject.service ?? ''))) {
    const own = findings.filter((f) => f.subject.service === service);
    byService.set(service, baselineBefore(before, incidentTimes(own, now)));
  }
  return { untouched: baselineBefore(before, []), byService };
}
