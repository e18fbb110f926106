import { createHash } from 'node:crypto';
import type { Finding } from '#lib/model/finding.ts';
import type { Detected } from './run.ts';

/** Stable for one occurrence of one problem. */
export const findingId = (identity: string, firstSeen: number): string =>
  createHash('sha256')
    .update(`${identity} ${Math.round(firstSeen)}`)
    .digest('hex')
    .slice(0, 16);

/** Identity of a stored finding, to recognise it when it is detected again. */
export function identityOfFinding(finding: Finding, fields: readonly (keyof Finding['subject'])[]): string {
  return JSON.stringify([finding.detector, ...fields.map((field) => finding.subject[field] ?? '')]);
}

const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined && v !== '')) as T;

/** A detected problem as a finding; what is known of it from before keeps its id and beginning. */
export function toFinding(detected: Detected, lastSeen: number, known: Finding | undefined): Finding {
  const { detector, draft, identity, window } = detected;
  const firstSeen = known?.firstSeen ?? Math.min(lastSeen, Math.round(draft.onset));
  const id = known?.id ?? findingId(identity, firstSeen);
  return {
    id,
    detector: detector.id,
    category: detector.category,
    title: draft.title,
    summary: draft.summary,
    severity: draft.severity,
    confidence: Math.min(1, Math.max(0, draft.confidence)),
    state: 'open',
    subject: withoutUndefined(draft.subject),
    window,
    firstSeen,
    lastSeen,
    impact: withoutUndefined(draft.impact),
    evidence: draft.evidence.map(withoutUndefined),
    playbook: { id: detector.playbook, url: `/playbooks/${detector.playbook}?finding=${id}` },
    variables: withoutUndefined(draft.variables),
  };
}
