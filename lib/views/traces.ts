import { z } from 'zod';
import { TRACE_SORTS, type TracesModel, traceRow } from '#lib/show/trace-row.ts';
import { RangeParams, rangeOf, type View } from './view.ts';

const Params = RangeParams.extend({
  service: z.string().max(500).optional(),
  operation: z.string().max(500).optional(),
  sort: z.enum(TRACE_SORTS).default('recent'),
  /** of a span that fits the other filters, as in Jaeger */
  minDurationMs: z.coerce.number().nonnegative().finite().optional(),
});

const LIMIT = 100;

/** Single requests: the newest, the slowest, or those that failed. */
export const tracesView: View<z.infer<typeof Params>, TracesModel> = {
  name: 'traces',
  params: Params,
  async run({ store, now }, { service, operation, sort, minDurationMs, ...ends }) {
    const range = rangeOf(ends, now);
    const [traces, known] = await Promise.all([
      store.traces.search({
        range,
        order: sort === 'slowest' ? 'slowest' : 'recent',
        limit: LIMIT,
        ...(service ? { service } : {}),
        ...(operation ? { operation } : {}),
        ...(minDurationMs ? { minDurationUs: minDurationMs * 1000 } : {}),
        ...(sort === 'failed' ? { failedOnly: true } : {}),
      }),
      store.traces.operations(range),
    ]);
    const operations = service ? (known.get(service) ?? []) : [];
    return {
      range,
      rows: traces.map(traceRow),
      limit: LIMIT,
      services: [...known.keys()].toSorted(),
      operations: [...new Set(operations.map((each) => each.operation))],
    };
  },
};
