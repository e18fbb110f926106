import { runtime } from '#app/runtime.ts';

export const dynamic = 'force-dynamic';

/** Prometheus' name for `/readyz`: 200 while questions can be answered, also when nothing can be stored. */
export function GET(): Response {
  const { closing } = runtime();
  return new Response(closing ? 'Chokepoint is stopping.\n' : 'Chokepoint is ready.\n', {
    status: closing ? 503 : 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
