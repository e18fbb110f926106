import { z } from 'zod';
import { Fault } from '#lib/model/fault.ts';
import { fillPlaybook } from '#lib/playbooks/fill.ts';
import { loadPlaybooks } from '#lib/playbooks/load.ts';
import { type PlaybookModel, playbookSections } from '#lib/show/playbook-sections.ts';
import { RangeParams, type View } from './view.ts';

const Params = RangeParams.extend({
  id: z.string().min(1).max(100),
  finding: z.string().max(100).optional(),
});

/** One playbook, filled in from a finding when one is named, with the steps that are done. */
export const playbookView: View<z.infer<typeof Params>, PlaybookModel> = {
  name: 'playbook',
  params: Params,
  async run({ store }, params) {
    const playbook = loadPlaybooks().find((each) => each.id === params.id);
    if (!playbook)
      throw new Fault(
        404,
        'unknown-playbook',
        `there is no playbook '${params.id}'; see the list of playbooks`,
      );
    // A finding whose retention has passed leaves the general playbook.
    const finding = params.finding ? await store.findings.get(params.finding) : undefined;
    const states = finding ? await store.steps.list(finding.id) : [];
    const done = new Set(states.filter((state) => state.done).map((state) => state.step));
    const { body, steps } = fillPlaybook(playbook, finding);
    const { body: _, ...meta } = playbook;
    return {
      ...meta,
      sections: playbookSections(
        body,
        steps.map((step) => ({ ...step, done: done.has(step.id) })),
      ),
      finding: finding && { id: finding.id, title: finding.title },
    };
  },
};
