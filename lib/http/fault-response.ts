import type { Fault } from '#lib/model/fault.ts';

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  });
}

/** Our own error body: `{"error": {code, message, details?}}`. */
export function ownFault(fault: Fault): Response {
  const details = fault.details === undefined ? {} : { details: fault.details };
  return json(
    { error: { code: fault.code, message: fault.message, ...details } },
    fault.status,
    fault.headers,
  );
}

const PROMETHEUS_TYPES = new Set([
  'bad_data',
  'execution',
  'timeout',
  'canceled',
  'internal',
  'unavailable',
  'not_found',
]);
const TYPE_BY_STATUS: Record<number, string> = {
  400: 'bad_data',
  404: 'not_found',
  422: 'execution',
  503: 'unavailable',
};

/** The Prometheus HTTP API's error body. */
export function prometheusFault(fault: Fault): Response {
  const errorType = PROMETHEUS_TYPES.has(fault.code)
    ? fault.code
    : (TYPE_BY_STATUS[fault.status] ?? (fault.status < 500 ? 'bad_data' : 'internal'));
  return json({ status: 'error', errorType, error: fault.message }, fault.status, fault.headers);
}
