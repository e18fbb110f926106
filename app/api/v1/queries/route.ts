import { route } from '#app/handle-route.ts';
import { json } from '#lib/http/fault-response.ts';
import { parseTimeRange } from '#lib/model/time-range.ts';
import { parseStatementQuestion, rankStatements } from '#lib/query/statements.ts';

export const GET = route({ name: 'queries' }, async ({ url, runtime }) => {
  const range = parseTimeRange(url.searchParams.get('from'), url.searchParams.get('to'), Date.now());
  return json(await rankStatements(runtime.store, parseStatementQuestion(url.searchParams, range)));
});
