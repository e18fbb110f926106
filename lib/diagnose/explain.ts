import type { Finding } from '#lib/model/finding.ts';
import { tablesOf } from '#lib/model/sql-shape.ts';
import { downstream, type ServiceGraph } from '#lib/query/graph.ts';

type Relation = 'same-service' | 'same-query' | 'downstream';

/**
 * Which kind of finding another can bring about, and where the cause must sit. A saturated pool is mostly the shadow
 * of whatever keeps its connections; slow or failing callers are the shadow of what they call.
 */
const CAN_CAUSE: readonly (readonly [cause: string, effect: string, relation: Relation])[] = [
  ['db-missing-index', 'db-slow-query', 'same-query'],
  ['db-lock-contention', 'db-slow-query', 'same-service'],
  ['db-missing-index', 'db-pool-exhausted', 'same-service'],
  ['db-lock-contention', 'db-pool-exhausted', 'same-service'],
  ['db-slow-query', 'db-pool-exhausted', 'same-service'],
  ['db-n-plus-one', 'db-pool-exhausted', 'same-service'],
  ['db-m-n-plus-one', 'db-pool-exhausted', 'same-service'],
  ['event-loop-blocked', 'db-pool-exhausted', 'same-service'],
  ['event-loop-blocked', 'external-dependency-slow', 'same-service'],
  ['memory-leak', 'event-loop-blocked', 'same-service'],
  ['db-missing-index', 'db-n-plus-one', 'same-query'],
  ['db-missing-index', 'db-consecutive-queries', 'same-service'],
  ['db-lock-contention', 'db-consecutive-queries', 'same-service'],
  ['db-lock-contention', 'error-spike', 'downstream'],
  ['db-pool-exhausted', 'error-spike', 'downstream'],
  ['db-missing-index', 'error-spike', 'downstream'],
  ['db-slow-query', 'error-spike', 'downstream'],
  ['event-loop-blocked', 'error-spike', 'downstream'],
  ['memory-leak', 'error-spike', 'downstream'],
  ['external-dependency-slow', 'error-spike', 'downstream'],
  ['regression-after-deploy', 'error-spike', 'downstream'],
  ['error-spike', 'error-spike', 'downstream'],
  ['db-lock-contention', 'regression-after-deploy', 'same-service'],
  ['db-missing-index', 'regression-after-deploy', 'same-service'],
  ['db-pool-exhausted', 'regression-after-deploy', 'same-service'],
  ['external-dependency-slow', 'regression-after-deploy', 'downstream'],
  ['regression-after-deploy', 'api-serial-calls', 'downstream'],
  ['event-loop-blocked', 'api-serial-calls', 'downstream'],
  ['db-missing-index', 'api-serial-calls', 'downstream'],
];

/** A cause may be noticed a little after its effect: signals have different grain (10 s buckets, minutes, scrapes). */
const ONSET_SLACK_MS = 120_000;

function relates(cause: Finding, effect: Finding, relation: Relation, graph: ServiceGraph): boolean {
  const from = effect.subject.service ?? '';
  const to = cause.subject.service ?? '';
  if (relation === 'same-query') {
    const tables = tablesOf(effect.variables.statement ?? '');
    return (
      from === to &&
      (cause.subject.query === effect.subject.query || tables.includes(cause.subject.table ?? ''))
    );
  }
  if (relation === 'same-service') return from === to;
  // Of two findings of one kind in one service neither is below the other.
  if (cause.detector === effect.detector && from === to) return false;
  return downstream(graph, from).includes(to);
}

/** Follows causes to the root and refuses to close a circle. */
function leadsTo(findings: ReadonlyMap<string, Finding>, from: string | undefined, target: string): boolean {
  for (let at = from, steps = 0; at !== undefined && steps < findings.size; steps++) {
    if (at === target) return true;
    at = findings.get(at)?.causedBy;
  }
  return false;
}

/** Marks findings that a deeper one explains. The cause must not have begun clearly later than its effect. */
export function explain(findings: readonly Finding[], graph: ServiceGraph): Finding[] {
  const byId = new Map(findings.map((f) => [f.id, { ...f, causedBy: undefined } as Finding]));
  for (const [causeKind, effectKind, relation] of CAN_CAUSE) {
    for (const effect of byId.values()) {
      if (effect.detector !== effectKind || effect.causedBy !== undefined) continue;
      const cause = [...byId.values()].find(
        (c) =>
          c.detector === causeKind &&
          c.id !== effect.id &&
          c.firstSeen <= effect.firstSeen + ONSET_SLACK_MS &&
          relates(c, effect, relation, graph) &&
          !leadsTo(byId, c.id, effect.id),
      );
      if (cause) byId.set(effect.id, { ...effect, causedBy: cause.id });
    }
  }
  return [...byId.values()].map(({ causedBy, ...rest }) =>
    causedBy === undefined ? rest : { ...rest, causedBy },
  );
}
