import type { Finding } from '#lib/model/finding.ts';

/** A finding for tests. */
export function testFinding(over: Partial<Finding> = {}): Finding {
  const at = Date.UTC(2026, 10, 20, 12);
  return {
    id: 'a',
    detector: 'db-lock-contention',
    category: 'database',
    title: 'A finding',
    summary: 'What it is.',
    severity: 'critical',
    confidence: 0.8,
    state: 'open',
    subject: { service: 'orders' },
    window: { from: at, to: at + 300_000 },
    firstSeen: at,
    lastSeen: at + 300_000,
    impact: {},
    evidence: [],
    playbook: { id: 'reduce-lock-contention', url: '/playbooks/reduce-lock-contention' },
    variables: {},
    ...over,
  };
}
