import type { ChangeEvent } from '#lib/model/event.ts';
import type { Finding } from '#lib/model/finding.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Arrival } from './arrival.ts';
import { formatDuration } from './format.ts';
import type { ServiceRow } from './service-row.ts';

/** "Are we fine? If not, what is it?" in one line, and what that rests on. */
export interface Verdict {
  readonly state: 'bottleneck' | 'healthy' | 'insufficient-data';
  readonly headline: string;
  readonly reasons: readonly string[];
}

export interface OverviewModel {
  /** ms since the epoch: when the server answered */
  readonly now: number;
  readonly range: TimeRange;
  readonly verdict: Verdict;
  /** What to look at first, first. */
  readonly findings: readonly Finding[];
  readonly services: readonly ServiceRow[];
  /** Newest first. */
  readonly changes: readonly ChangeEvent[];
  readonly arrivals: readonly Arrival[];
}

/** Three scrapes of a minute missed: the senders are gone, not late. */
const SILENT_MS = 3 * 60_000;

/**
 * @param findings those that hold, ranked
 * @param more.resolved how many more held earlier in the range
 * @param more.silentMs how long nothing has come in, when the range reaches to now
 */
export function verdictOf(
  findings: readonly Finding[],
  services: readonly ServiceRow[],
  { resolved = 0, silentMs }: { readonly resolved?: number; readonly silentMs?: number | undefined } = {},
): Verdict {
  const grave = findings.filter((finding) => finding.severity !== 'info');
  const first = grave[0];
  if (first) {
    const rest = grave.length - 1;
    return {
      state: 'bottleneck',
      headline: first.title,
      reasons: rest === 0 ? [] : [`${rest} more ${rest === 1 ? 'finding' : 'findings'} below`],
    };
  }
  if (services.length > 0 && silentMs !== undefined && silentMs > SILENT_MS) {
    return {
      state: 'insufficient-data',
      headline: `Data stopped coming in ${formatDuration(silentMs)} ago`,
      reasons: [
        'What is shown is older than that. Check the senders (Prometheus, collectors) and the network.',
      ],
    };
  }
  const busy = services.filter((service) => service.source !== 'none');
  if (busy.length === 0) {
    return {
      state: 'insufficient-data',
      headline: services.length === 0 ? 'No data in this time range' : 'Not enough data to tell',
      reasons: [
        services.length === 0
          ? 'No service sent metrics or traces. Connect one, or choose another time range.'
          : 'Metrics arrive, but no traces or request durations: nothing says how requests fare.',
      ],
    };
  }
  const troubled = services.filter((service) => service.health === 'down' || service.health === 'degraded');
  if (troubled.length > 0) {
    const names = troubled
      .slice(0, 3)
      .map((service) => service.service)
      .join(', ');
    const more = troubled.length > 3 ? ` and ${troubled.length - 3} more` : '';
    const down = troubled.some((service) => service.health === 'down');
    return {
      state: 'bottleneck',
      headline: `${names}${more}: ${down ? 'failing' : 'degraded'}, cause not found yet`,
      reasons: ['No detector has named a cause. Errors and saturation in the table below say where to look.'],
    };
  }
  return {
    state: 'healthy',
    headline: 'No bottleneck found',
    reasons: [
      `${busy.length} ${busy.length === 1 ? 'service answers' : 'services answer'} as usual.`,
      ...(resolved === 0
        ? []
        : [`${resolved} ${resolved === 1 ? 'finding' : 'findings'} resolved in this range.`]),
    ],
  };
}
