import type { Fault } from '#lib/model/fault.ts';

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...JSON_HEADERS, ...headers } });
}

/** Our own error body: `{"error": {code, message, details?}}`. */
export function ownFault(fault: Fault): Response {
  const { status, headers, body } = ownFaultAnswer(fault);
  return new Response(body, { status, headers });
}

/** The same for the server's own responses. */
export function ownFaultAnswer({ status, code, message, details, headers }: Fault) {
  const error = { code, message, ...(details === undefined ? {} : { details }) };
  return { status, headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify({ error }) };
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
export function prometheusFaultBody(fault: Fault): { status: 'error'; errorType: string; error: string } {
  const errorType = PROMETHEUS_TYPES.has(fault.code)
    ? fault.code
    : (TYPE_BY_STATUS[fault.status] ?? (fault.status < 500 ? 'bad_data' : 'internal'));
  return { status: 'error', errorType, error: fault.message };
}

export function prometheusFault(fault: Fault): Response {
  return json(prometheusFaultBody(fault), fault.status, fault.headers);
}
