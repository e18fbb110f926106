import { z } from 'zod';
import { type TargetsModel, targetsModel } from '#lib/show/targets.ts';
import { RangeParams, type View } from './view.ts';

const Params = RangeParams.extend({
  pool: z.string().max(1000).optional(),
  health: z.enum(['up', 'down', 'unknown']).optional().catch(undefined),
  search: z.string().max(1000).optional(),
});

/** The present state, whatever the range: what a target said earlier is in `up` and its other series. */
export const targetsView: View<z.infer<typeof Params>, TargetsModel> = {
  name: 'targets',
  params: Params,
  run: async ({ scraping, now }, params) => targetsModel(scraping, params, now),
};
