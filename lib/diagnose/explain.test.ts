import { describe, expect, test } from 'vitest';
import type { Finding } from '#lib/model/finding.ts';
import type { ServiceGraph } from '#lib/query/graph.ts';
import { explain } from './explain.ts';
import { rankFindings } from './rank.ts';

const T = 1_800_000_000_000;
const finding = (id: string, detector: string, parts: Partial<Finding> = {}): Finding => ({
  id,
  detector,
  category: 'x',
  title: id,
  summary: id,
  severity: 'warning',
  confidence: 0.9,
  state: 'open',
  subject: { service: 'orders' },
  window: { from: T, to: T + 60_000 },
  firstSeen: T,
  lastSeen: T,
  impact: {},
  evidence: [],
  playbook: { id: 'p', url: '/playbooks/p' },
  variables: {},
  ...parts,
});
const GRAPH: ServiceGraph = {
  services: new Set(['web', 'orders', 'mail']),
  edges: [{ from: 'web', to: 'orders', kind: 'service', calls: 1, errors: 0, totalMs: 1 }],
};
const causesOf = (...findings: Finding[]) =>
  Object.fromEntries(explain(findings, GRAPH).map((f) => [f.id, f.causedBy]));

describe('explain', () => {
  test.each<[string, Finding[], Record<string, string | undefined>]>([
    [
      'a full pool is the shadow of a lock',
      [finding('pool', 'db-pool-exhausted'), finding('lock', 'db-lock-contention')],
      { pool: 'lock', lock: undefined },
    ],
    [
      'a slow query is explained by the index that its table lacks',
      [
        finding('slow', 'db-slow-query', { variables: { statement: 'select * from items i where i.a = ?' } }),
        finding('index', 'db-missing-index', { subject: { service: 'orders', table: 'items' } }),
      ],
      { slow: 'index', index: undefined },
    ],
    [
      'a blocked caller makes its dependency look slow',
      [finding('dep', 'external-dependency-slow'), finding('loop', 'event-loop-blocked')],
      { dep: 'loop', loop: undefined },
    ],
    [
      'errors of a caller come from below',
      [
        finding('web-errors', 'error-spike', { subject: { service: 'web' } }),
        finding('orders-errors', 'error-spike'),
        finding('pool', 'db-pool-exhausted'),
      ],
      { 'web-errors': 'pool', 'orders-errors': 'pool', pool: undefined },
    ],
    [
      'a service that is not called explains nothing',
      [
        finding('errors', 'error-spike', { subject: { service: 'web' } }),
        finding('pool', 'db-pool-exhausted', { subject: { service: 'mail' } }),
      ],
      { errors: undefined, pool: undefined },
    ],
    [
      'what began later is no cause',
      [
        finding('pool', 'db-pool-exhausted'),
        finding('lock', 'db-lock-contention', { firstSeen: T + 600_000 }),
      ],
      { pool: undefined, lock: undefined },
    ],
  ])('%s', (_, findings, expected) => {
    expect(causesOf(...findings)).toEqual(expected);
  });
});

describe('rankFindings', () => {
  test('roots only, severest first, advice left out, one cause per service and resource', () => {
    const ranked = rankFindings([
      finding('pool', 'db-pool-exhausted', { severity: 'critical', causedBy: 'lock' }),
      finding('lock', 'db-lock-contention', { severity: 'critical' }),
      finding('serial', 'api-serial-calls', { severity: 'info' }),
      finding('n1', 'db-n-plus-one'),
      finding('slow', 'db-slow-query'),
    ]);
    expect(ranked.map((c) => [c.service, c.resource, c.findings])).toEqual([
      ['orders', 'lock', ['lock']],
      ['orders', 'database', ['n1', 'slow']],
    ]);
  });
});
