import { route } from '#app/handle-route.ts';
import { viewContext } from '#app/view-context.ts';
import { readJson } from '#lib/http/body.ts';
import { json } from '#lib/http/fault-response.ts';
import { parseInput } from '#lib/http/parse-input.ts';
import { createSnapshot, SnapshotInput } from '#lib/share/snapshot.ts';

export const POST = route({ name: 'snapshots' }, async ({ request, runtime }) => {
  const input = parseInput(SnapshotInput, await readJson(request));
  const { id, deleteKey } = await createSnapshot(viewContext(runtime), input);
  return json({ id, url: `/share/${id}`, deleteKey }, 201);
});
