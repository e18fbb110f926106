import type { z } from 'zod';
import { DETECTORS } from '#lib/diagnose/registry.ts';
import { fillPlaybook } from '#lib/playbooks/fill.ts';
import { loadPlaybooks } from '#lib/playbooks/load.ts';
import { type PlaybooksModel, playbookSections } from '#lib/show/playbook-sections.ts';
import { RangeParams, type View } from './view.ts';

/** Every playbook, to find one by its symptom. */
export const playbooksView: View<z.infer<typeof RangeParams>, PlaybooksModel> = {
  name: 'playbooks',
  params: RangeParams,
  async run() {
    return {
      playbooks: loadPlaybooks().map((playbook) => {
        const { body: _, ...meta } = playbook;
        return {
          ...meta,
          symptom: firstSymptom(fillPlaybook(playbook, undefined).body),
          // A playbook may be ahead of its detector.
          detectors: DETECTORS.filter((each) => meta.appliesTo.includes(each.id)).map((each) => each.title),
        };
      }),
    };
  },
};

function firstSymptom(body: string): string {
  const [symptoms] = playbookSections(body, []);
  const block = symptoms?.blocks[0];
  const line = block?.kind === 'text' ? (block.markdown.split('\n')[0] ?? '') : '';
  return line.replace(/^- /, '');
}
