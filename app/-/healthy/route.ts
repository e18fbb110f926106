export const dynamic = 'force-dynamic';

/** Prometheus' name for `/healthz`. */
export function GET(): Response {
  return new Response('Chokepoint is healthy.\n', {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
