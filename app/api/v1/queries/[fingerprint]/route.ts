import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { parseTimeRange } from '#lib/model/time-range.ts';
import { statementDetail } from '#lib/query/statement.ts';

export const GET = route({ name: 'query_detail' }, async ({ url, params, runtime }) => {
  // Without a range a link to a statement shows all that is kept of it.
  const range = parseTimeRange(url.searchParams.get('from') ?? '0', url.searchParams.get('to'), Date.now());
  return json(await statementDetail(runtime.store, params.fingerprint ?? '', range));
});
