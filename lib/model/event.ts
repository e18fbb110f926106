import { z } from 'zod';

export const EVENT_KINDS = ['deploy', 'config', 'incident', 'note'] as const;

/** Body of `POST /api/v1/events` (one, or a list of them). */
export const ChangeEventInput = z.strictObject({
  kind: z.enum(EVENT_KINDS),
  service: z.string().max(200).optional(),
  version: z.string().max(200).optional(),
  /** ms since the epoch or ISO 8601; now when missing */
  at: z.union([z.number().finite().nonnegative(), z.iso.datetime({ offset: true })]).optional(),
  title: z.string().min(1).max(500),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  attributes: z
    .record(z.string().max(200), z.union([z.string().max(2000), z.number(), z.boolean()]))
    .optional(),
});
export type ChangeEventInput = z.infer<typeof ChangeEventInput>;

/** A change people made: it stands as a marker on every chart and as a suspect in every diagnosis. */
export interface ChangeEvent {
  /** uuid */
  readonly id: string;
  readonly kind: (typeof EVENT_KINDS)[number];
  /** `''` concerns everything */
  readonly service: string;
  readonly version: string;
  /** ms since the epoch */
  readonly at: number;
  readonly title: string;
  readonly url: string;
  readonly attributes: readonly (readonly [string, string | number | boolean])[];
}
