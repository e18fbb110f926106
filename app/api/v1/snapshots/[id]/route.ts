import { route } from '#app/handle-route.ts';
import { Fault } from '#lib/model/fault.ts';
import { deleteSnapshot } from '#lib/share/snapshot.ts';

export const DELETE = route({ name: 'snapshot_delete' }, async ({ request, params, url, runtime }) => {
  const key = url.searchParams.get('deleteKey') ?? request.headers.get('x-delete-key');
  if (!key) throw new Fault(400, 'missing-delete-key', 'give the delete key of the snapshot as ?deleteKey=');
  await deleteSnapshot({ store: runtime.store, now: Date.now() }, params.id ?? '', key);
  return new Response(null, { status: 204 });
});
