import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { parseTimeRange } from '#lib/model/time-range.ts';
import { services } from '#lib/query/services.ts';

export const GET = route({ name: 'services' }, async ({ url, runtime }) => {
  const range = parseTimeRange(url.searchParams.get('from'), url.searchParams.get('to'), Date.now());
  return json(await services(runtime.store, range));
});
