export type Health = 'ok' | 'degraded' | 'down' | 'unknown';
