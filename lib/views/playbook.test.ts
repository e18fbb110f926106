import { expect, test } from 'vitest';
import { fillPlaybook } from '#lib/playbooks/fill.ts';
import { loadPlaybooks } from '#lib/playbooks/load.ts';
import { playbookSections } from '#lib/show/playbook-sections.ts';

const step = (id: string) => ({ id, heading: 'h', text: id, done: false });

test('text and steps in the order they stand in', () => {
  const body = [
    '## One',
    '',
    'Words.',
    '- [ ] a',
    '',
    '  more of a',
    '- [ ] b',
    'After.',
    '## Two',
    '```',
    '- [ ] not a step',
    '## not a heading',
    '```',
    '- [ ] c',
  ].join('\n');
  expect(playbookSections(body, [step('a'), step('b'), step('c')])).toEqual([
    {
      heading: 'One',
      blocks: [
        { kind: 'text', markdown: 'Words.' },
        { kind: 'steps', steps: [step('a'), step('b')] },
        { kind: 'text', markdown: 'After.' },
      ],
    },
    {
      heading: 'Two',
      blocks: [
        { kind: 'text', markdown: '```\n- [ ] not a step\n## not a heading\n```' },
        { kind: 'steps', steps: [step('c')] },
      ],
    },
  ]);
});

test.each(loadPlaybooks().map((playbook) => [playbook.id, playbook] as const))(
  '%s: no step is lost and none is left as text',
  (_, playbook) => {
    const { body, steps } = fillPlaybook(playbook, undefined);
    const sections = playbookSections(
      body,
      steps.map((each) => ({ ...each, done: false })),
    );
    const blocks = sections.flatMap((section) => section.blocks.map((block) => ({ section, block })));
    const kept = blocks.flatMap(({ block }) => (block.kind === 'steps' ? block.steps : []));
    expect(kept.map((each) => each.id)).toEqual(steps.map((each) => each.id));
    for (const { section, block } of blocks) {
      if (block.kind === 'text') expect(block.markdown).not.toMatch(/^- \[ \]/m);
      else for (const each of block.steps) expect(each.heading).toBe(section.heading);
    }
  },
);
