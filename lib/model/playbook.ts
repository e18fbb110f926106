import { z } from 'zod';

export const PLAYBOOK_HEADINGS = [
  'Symptoms',
  'Confirm',
  'Stop the bleeding',
  'Fix it properly',
  'Verify',
  'Prevent',
  'Trade-offs',
] as const;

/** Front matter of a playbook file. */
export const PlaybookMeta = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  title: z.string().min(1),
  /** Detector ids that link here. */
  appliesTo: z.array(z.string()),
  category: z.string(),
  effort: z.enum(['minutes', 'hours', 'days']),
  risk: z.enum(['low', 'medium', 'high']),
  tools: z.array(z.string()),
});
export type PlaybookMeta = z.infer<typeof PlaybookMeta>;

export interface Playbook extends PlaybookMeta {
  /** Markdown without the front matter; `{{variable}}` and `{{variable|words to show when unknown}}` are filled in from a finding. */
  readonly body: string;
}
