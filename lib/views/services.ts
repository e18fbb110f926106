import type { z } from 'zod';
import { services } from '#lib/query/services.ts';
import { type ServiceRow, serviceRows } from '#lib/show/service-row.ts';
import { RangeParams, rangeOf, type View } from './view.ts';

export const servicesView: View<z.infer<typeof RangeParams>, { readonly services: readonly ServiceRow[] }> = {
  name: 'services',
  params: RangeParams,
  async run({ store, now }, params) {
    const range = rangeOf(params, now);
    const [summaries, spans] = await Promise.all([services(store, range), store.traces.spanSeries(range)]);
    return { services: serviceRows(summaries, spans, range) };
  },
};
