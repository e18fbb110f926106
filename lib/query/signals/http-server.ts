import type { SignalMapping } from './role.ts';

const SECONDS =
  '(?:http_server_request_duration_seconds|http_request_duration_seconds|http_server_requests_seconds)';
const MILLISECONDS = '(?:http_server_duration_milliseconds|http_request_duration_ms|http_server_duration)';

/**
 * Histograms of server-side HTTP durations: OpenTelemetry (current and older), the name most Prometheus clients use,
 * Micrometer. `scale` is that of the bucket bounds.
 */
export const HTTP_SERVER_SIGNALS: readonly SignalMapping[] = [
  { role: 'http.server.duration_bucket', metric: `${SECONDS}_bucket` },
  { role: 'http.server.duration_bucket', metric: `${MILLISECONDS}_bucket`, scale: 0.001 },
  { role: 'http.server.duration_count', metric: `(?:${SECONDS}|${MILLISECONDS})_count` },
];
