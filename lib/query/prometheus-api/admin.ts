import { Fault } from '#lib/model/fault.ts';
import type { Store } from '#lib/store/store.ts';
import { badRequest } from '../promql/fault.ts';
import { matchParams, timeParam } from './params.ts';

const ALWAYS = { from: -8.64e15, to: 8.64e15 };

/** `/api/v1/admin/tsdb/<action>`. 204 when it is done. */
export async function admin(
  action: string,
  store: Pick<Store, 'deleteSeries' | 'compact'>,
  form: URLSearchParams,
): Promise<Response> {
  switch (action) {
    case 'delete_series': {
      const selectors = matchParams(form);
      if (selectors.length === 0) throw badRequest('no match[] parameter provided');
      const from = timeParam(form, 'start') ?? ALWAYS.from;
      const to = timeParam(form, 'end') ?? ALWAYS.to;
      if (to < from) throw badRequest('invalid parameter "end": end timestamp must not be before start time');
      await store.deleteSeries(selectors, { from, to });
      break;
    }
    case 'clean_tombstones':
      // Deleted samples are gone at once; what is left to do is to bring the log to rest.
      await store.compact();
      break;
    case 'snapshot':
      throw new Fault(
        501,
        'unavailable',
        'snapshots of the database are not made over HTTP: use `sqlite3 chokepoint.db ".backup …"` or pg_dump, both work while the server runs',
      );
    default:
      throw new Fault(
        404,
        'not_found',
        `there is no '${action}' here; known: delete_series, clean_tombstones, snapshot`,
      );
  }
  return new Response(null, { status: 204 });
}
