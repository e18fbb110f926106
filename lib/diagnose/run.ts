import type { TimeRange } from '#lib/model/time-range.ts';
import { nextTurn } from '#lib/store/next-turn.ts';
import type { Detector, DraftFinding, Need } from './detector.ts';
import type { Evidence } from './evidence.ts';

export interface Detected {
  readonly detector: Detector;
  readonly draft: DraftFinding;
  /** Same text, same problem. */
  readonly identity: string;
  /** The part of the evidence in which it showed. */
  readonly window: TimeRange;
}

export interface RunResult {
  readonly detected: readonly Detected[];
  /** What could not be judged, in words; each reason once. */
  readonly unknown: readonly string[];
}

const SEVERITY_ORDER = { critical: 2, warning: 1, info: 0 } as const;

const present = (evidence: Evidence, need: Need): boolean =>
  need === 'statements' ? evidence.digests.length + evidence.notices.length > 0 : evidence[need].length > 0;

const WORDS: Readonly<Record<Need, string>> = {
  spans: 'traces',
  traces: 'traces',
  statements: 'slow-query logs',
  notices: 'database logs',
  signals: 'runtime or pool metrics',
  events: 'deploy events',
};

export const identityOf = (detector: Detector, draft: DraftFinding): string =>
  JSON.stringify([detector.id, ...detector.identity.map((field) => draft.subject[field] ?? '')]);

const isStronger = (a: DraftFinding, b: DraftFinding): boolean => {
  const bySeverity = SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity];
  if (bySeverity !== 0) return bySeverity > 0;
  return a.confidence * (a.impact.requestsAffected ?? 1) > b.confidence * (b.impact.requestsAffected ?? 1);
};

/**
 * Asks every detector about every window and keeps the strongest result of each problem; the onset is the earliest
 * told. Gives the event loop a turn after each question, so serving never waits for diagnosis.
 */
export async function runDetectors(
  detectors: readonly Detector[],
  evidence: Evidence,
  windows: readonly TimeRange[],
  failed: (detector: Detector, error: unknown) => void,
): Promise<RunResult> {
  const strongest = new Map<string, Detected>();
  const unknown = new Set<string>();
  for (const detector of detectors) {
    const missing = detector.needs.filter((need) => !present(evidence, need));
    if (missing.length > 0) {
      // Having no deploys is not a gap in what is known.
      for (const need of missing)
        if (need !== 'events') unknown.add(`${detector.title} is not judged: no ${WORDS[need]} in this time`);
      continue;
    }
    for (const window of windows) {
      try {
        for (const result of detector.detect(evidence, window)) {
          if (result.kind === 'unknown') {
            unknown.add(result.reason);
            continue;
          }
          const { draft } = result;
          const identity = identityOf(detector, draft);
          const known = strongest.get(identity);
          const best =
            known && !isStronger(draft, known.draft) ? known : { detector, draft, identity, window };
          const onset = Math.min(draft.onset, known?.draft.onset ?? draft.onset);
          strongest.set(identity, { ...best, draft: { ...best.draft, onset } });
        }
      } catch (error) {
        failed(detector, error);
        unknown.add(`${detector.title} is not judged: its detector failed, which is a defect of Chokepoint`);
      }
      await nextTurn();
    }
  }
  return { detected: [...strongest.values()], unknown: [...unknown] };
}
