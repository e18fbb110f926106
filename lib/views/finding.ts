import { z } from 'zod';
import { DETECTORS } from '#lib/diagnose/registry.ts';
import { Fault } from '#lib/model/fault.ts';
import type { Finding } from '#lib/model/finding.ts';
import { evidenceModel } from '#lib/show/evidence.ts';
import { type FindingModel, timelineOf } from '#lib/show/finding-detail.ts';
import { rankFindings } from '#lib/show/finding-order.ts';
import { evidencePanel, evidenceWindow } from './evidence-panel.ts';
import { RangeParams, type View } from './view.ts';

const Params = RangeParams.extend({ id: z.string().min(1).max(100) });

/** A change this long before the beginning may still have to do with it. */
const BEFORE_MS = 3_600_000;

/** One finding with all that proves it. It stands for its own time, whatever range the page has. */
export const findingView: View<z.infer<typeof Params>, FindingModel> = {
  name: 'finding',
  params: Params,
  async run({ store, now }, { id }) {
    const finding = await store.findings.get(id);
    if (!finding)
      throw new Fault(
        404,
        'finding-not-found',
        `there is no finding ${id}: it never was, or its retention has passed`,
      );
    const span = { from: finding.firstSeen, to: Math.max(finding.lastSeen, finding.firstSeen + 1) };
    const { service } = finding.subject;
    const [cause, around, events] = await Promise.all([
      finding.causedBy === undefined ? undefined : store.findings.get(finding.causedBy),
      store.findings.list({ range: span }),
      store.events.list({ from: span.from - BEFORE_MS, to: span.to }, service ? { service } : {}),
    ]);
    const evidence = await Promise.all(
      finding.evidence.map(async (proof) =>
        evidenceModel(proof, await evidencePanel(store, finding, proof, events), evidenceWindow(finding)),
      ),
    );
    return {
      now,
      finding,
      kind: kindOf(finding),
      evidence,
      cause,
      effects: rankFindings(around.filter((other) => other.causedBy === id)),
      timeline: timelineOf(finding, events, cause),
    };
  },
};

function kindOf(finding: Finding): string {
  return DETECTORS.find((detector) => detector.id === finding.detector)?.title ?? finding.detector;
}
