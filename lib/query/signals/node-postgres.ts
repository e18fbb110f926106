import type { SignalMapping } from './role.ts';

const PREFIX = '(?:pg|postgres|db|database|node_pg|node_postgres)_(?:client_)?pool';
const TAIL = '(?:_connections|_clients|_count|_requests)*';

/**
 * node-postgres has no exporter of its own: applications publish `pool.totalCount`, `idleCount`, `waitingCount` and
 * `options.max` as gauges under names of their choosing, of which these are the usual ones.
 */
export const NODE_POSTGRES_SIGNALS: readonly SignalMapping[] = [
  { role: 'pool.size', metric: `${PREFIX}_(?:total|size|open)${TAIL}`, part: 'pool' },
  { role: 'pool.idle', metric: `${PREFIX}_idle${TAIL}`, part: 'pool' },
  { role: 'pool.pending', metric: `${PREFIX}_(?:waiting|pending|queued)${TAIL}`, part: 'pool' },
  { role: 'pool.max', metric: `${PREFIX}_(?:max|limit|capacity)${TAIL}`, part: 'pool' },
  { role: 'pool.in_use', metric: `${PREFIX}_(?:in_use|active|used|checked_out)${TAIL}`, part: 'pool' },
  { role: 'pool.size', metric: `${PREFIX}${TAIL}`, labels: [['state', /^total$/]], part: 'pool' },
  { role: 'pool.idle', metric: `${PREFIX}${TAIL}`, labels: [['state', /^idle$/]], part: 'pool' },
  {
    role: 'pool.pending',
    metric: `${PREFIX}${TAIL}`,
    labels: [['state', /^(?:waiting|pending)$/]],
    part: 'pool',
  },
  { role: 'pool.max', metric: `${PREFIX}${TAIL}`, labels: [['state', /^max$/]], part: 'pool' },
  {
    role: 'pool.in_use',
    metric: `${PREFIX}${TAIL}`,
    labels: [['state', /^(?:in_use|active|used)$/]],
    part: 'pool',
  },
];
