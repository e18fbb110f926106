import { z } from 'zod';

export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export const RESOURCES = [
  'cpu',
  'memory',
  'disk',
  'network',
  'database',
  'pool',
  'lock',
  'queue',
  'cache',
  'code',
  'dependency',
  'deploy',
  'config',
] as const;
export const EVIDENCE_KINDS = ['series', 'trace', 'query', 'plan', 'event', 'statistic'] as const;

export const Evidence = z.object({
  kind: z.enum(EVIDENCE_KINDS),
  title: z.string(),
  value: z.number().optional(),
  /** `ms`, `s`, `bytes`, `ratio` (0…1), `count`, `per-second`, `rows` */
  unit: z.string().optional(),
  baseline: z.number().optional(),
  threshold: z.number().optional(),
  promql: z.string().optional(),
  traceId: z.string().optional(),
  spanIds: z.array(z.string()).optional(),
  fingerprint: z.string().optional(),
  eventId: z.string().optional(),
  /** Path in this app that shows it. */
  link: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Subject = z.object({
  service: z.string().optional(),
  operation: z.string().optional(),
  database: z.string().optional(),
  query: z.string().optional(),
  table: z.string().optional(),
  instance: z.string().optional(),
  dependency: z.string().optional(),
  queue: z.string().optional(),
  cache: z.string().optional(),
});
export type Subject = z.infer<typeof Subject>;

/** A bottleneck named, with what proves it. The fields are those of the HTTP interface. */
export const Finding = z.object({
  id: z.string(),
  detector: z.string(),
  category: z.string(),
  title: z.string(),
  summary: z.string(),
  severity: z.enum(SEVERITIES),
  confidence: z.number().min(0).max(1),
  state: z.enum(['open', 'resolved']),
  subject: Subject,
  window: z.object({ from: z.number(), to: z.number() }),
  firstSeen: z.number(),
  lastSeen: z.number(),
  impact: z.object({
    /** share of the request's time, 0…1 */
    latencyShare: z.number().optional(),
    requestsAffected: z.number().optional(),
    savedMs: z.number().optional(),
    /** share of requests that fail because of it, 0…1 */
    errorsShare: z.number().optional(),
  }),
  evidence: z.array(Evidence),
  causedBy: z.string().optional(),
  playbook: z.object({ id: z.string(), url: z.string() }),
  /** Names and numbers that the playbook's steps are filled in with (`table`, `columns`, `poolSize`, …). */
  variables: z.record(z.string(), z.string()).default({}),
});
export type Finding = z.infer<typeof Finding>;

export interface Cause {
  readonly rank: number;
  readonly service: string;
  readonly resource?: (typeof RESOURCES)[number];
  readonly operation?: string;
  readonly query?: string;
  readonly instance?: string;
  readonly score: number;
  readonly confidence: number;
  /** ms since the epoch */
  readonly onset: number;
  readonly findings: readonly string[];
}

/** Answer of `GET /api/v1/diagnosis`. */
export interface Diagnosis {
  readonly verdict: 'bottleneck' | 'healthy' | 'insufficient-data';
  readonly reasons: readonly string[];
  readonly causes: readonly Cause[];
  readonly findings: readonly Finding[];
}
