import type { z } from 'zod';
import { arrivals } from '#lib/show/arrival.ts';
import type { ConnectModel } from '#lib/show/connect.ts';
import { RangeParams, type View } from './view.ts';

export const connectView: View<z.infer<typeof RangeParams>, ConnectModel> = {
  name: 'connect',
  params: RangeParams,
  async run({ store, now }) {
    const stats = await store.stats();
    return { now, arrivals: arrivals(stats.arrived), series: stats.series, bytes: stats.bytes };
  },
};
