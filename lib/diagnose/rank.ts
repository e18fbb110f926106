import type { Cause, Finding } from '#lib/model/finding.ts';
import { DETECTORS } from './registry.ts';

export const MAX_CAUSES = 20;

const SEVERITY_WEIGHT = { critical: 3, warning: 2, info: 0 } as const;

/** How much a detector says about the mechanism; the others count in full. */
const SPECIFICITY: ReadonlyMap<string, number> = new Map([
  ['db-slow-query', 0.75],
  ['error-spike', 0.6],
  ['regression-after-deploy', 0.95],
  ['api-serial-calls', 0.4],
]);

const byDetector = new Map(DETECTORS.map((d) => [d.id, d]));

/** Higher is likelier to be what limits the system now. */
export function scoreOf(finding: Finding): number {
  const { latencyShare = 0, errorsShare = 0 } = finding.impact;
  return (
    SEVERITY_WEIGHT[finding.severity] *
    finding.confidence *
    (SPECIFICITY.get(finding.detector) ?? 1) *
    (1 + 0.5 * Math.max(latencyShare, errorsShare))
  );
}

/** Findings that no other explains, likeliest first; advice (`info`) is no cause. One cause per service and resource. */
export function rankFindings(findings: readonly Finding[]): Omit<Cause, 'rank'>[] {
  const roots = findings.filter((f) => f.causedBy === undefined && scoreOf(f) > 0);
  const groups = Map.groupBy(roots, (f) =>
    JSON.stringify([f.subject.service, byDetector.get(f.detector)?.resource]),
  );
  return [...groups.values()]
    .flatMap((group) => {
      const sorted = group.sort((a, b) => scoreOf(b) - scoreOf(a));
      const [first] = sorted;
      if (!first) return [];
      const { service = '', operation, query, instance } = first.subject;
      const resource = byDetector.get(first.detector)?.resource;
      return [
        {
          service,
          ...(resource ? { resource } : {}),
          ...(operation ? { operation } : {}),
          ...(query ? { query } : {}),
          ...(instance ? { instance } : {}),
          score: scoreOf(first),
          confidence: first.confidence,
          onset: first.firstSeen,
          findings: sorted.map((f) => f.id),
        },
      ];
    })
    .sort((a, b) => b.score - a.score || a.onset - b.onset);
}
