import { runtime } from '#app/runtime.ts';

export const dynamic = 'force-dynamic';

/** 200 while batches can be stored. */
export function GET(): Response {
  const { store, closing } = runtime();
  const ready = !closing && store.writable();
  return new Response(
    ready ? 'ready\n' : 'cannot store: the disk is full or the database is away; see the log\n',
    {
      status: ready ? 200 : 503,
      headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' },
    },
  );
}
