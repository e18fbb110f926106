import { route } from '#app/handle-route.ts';
import { viewContext } from '#app/view-context.ts';
import { json } from '#lib/http/fault-response.ts';
import { Fault } from '#lib/model/fault.ts';
import { findView } from '#lib/views/registry.ts';

export const GET = route({ name: 'ui' }, async ({ request, url, params, runtime }) => {
  const name = params.view ?? '';
  const view = findView(name);
  if (!view) throw new Fault(404, 'unknown-view', `there is no view '${name}'`);
  const answer = await view.answer(
    viewContext(runtime, request.signal),
    Object.fromEntries(url.searchParams),
  );
  return json(answer);
});
