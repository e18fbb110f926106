import type { SignalMapping } from './role.ts';

/** HikariCP through Micrometer (`hikaricp_connections_*`) and through its own Prometheus tracker (`hikaricp_*_connections`). */
export const HIKARICP_SIGNALS: readonly SignalMapping[] = [
  { role: 'pool.in_use', metric: 'hikaricp_(?:connections_active|active_connections)', part: 'pool' },
  { role: 'pool.idle', metric: 'hikaricp_(?:connections_idle|idle_connections)', part: 'pool' },
  { role: 'pool.size', metric: 'hikaricp_connections', part: 'pool' },
  { role: 'pool.max', metric: 'hikaricp_(?:connections_max|max_connections)', part: 'pool' },
  { role: 'pool.pending', metric: 'hikaricp_(?:connections_pending|pending_threads)', part: 'pool' },
];
