import { z } from 'zod';
import type { FindingsModel } from '#lib/show/finding-detail.ts';
import { rankFindings } from '#lib/show/finding-order.ts';
import { isLive, RangeParams, rangeOf, type View } from './view.ts';

const Params = RangeParams.extend({
  state: z.enum(['open', 'resolved']).default('open'),
  service: z.string().max(500).optional(),
  detector: z.string().max(100).optional(),
});

/** What limits the system: open now (or then), and what is over. */
export const findingsView: View<z.infer<typeof Params>, FindingsModel> = {
  name: 'findings',
  params: Params,
  async run({ store, now }, { state, service, detector, ...ends }) {
    const range = rangeOf(ends, now);
    const [inRange, open] = await Promise.all([
      store.findings.list({ range }),
      // What is open now counts however long ago the range began.
      isLive(range, now) ? store.findings.list({ state: 'open' }) : [],
    ]);
    const all = [...new Map([...inRange, ...open].map((finding) => [finding.id, finding])).values()];
    const fitting = all.filter(
      (finding) =>
        (!service || finding.subject.service === service) && (!detector || finding.detector === detector),
    );
    const openCount = fitting.filter((finding) => finding.state === 'open').length;
    return {
      now,
      findings: rankFindings(fitting.filter((finding) => finding.state === state)),
      counts: { open: openCount, resolved: fitting.length - openCount },
      services: [...new Set(all.flatMap((finding) => finding.subject.service ?? []))].toSorted(),
    };
  },
};
