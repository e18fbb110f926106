import { z } from 'zod';

/** What stands in where the URL says nothing of time; stored in the cookie `time`. */
export const TimeDefaults = z.object({
  from: z.string().max(64),
  to: z.string().max(64),
  refresh: z.string().max(16),
  zone: z.enum(['browser', 'utc']),
});
export type TimeDefaults = Readonly<z.infer<typeof TimeDefaults>>;

export const TIME_DEFAULTS: TimeDefaults = { from: 'now-1h', to: 'now', refresh: '10s', zone: 'browser' };
