import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PLAYBOOK_HEADINGS } from '#lib/model/playbook.ts';
import { fillPlaybook } from './fill.ts';
import { loadPlaybooks, parsePlaybook } from './load.ts';

const sections = PLAYBOOK_HEADINGS.map((h) => `## ${h}\n\nWords.\n`).join('\n');
const front = (fields: Record<string, string> = {}): string => {
  const all = {
    id: 'a',
    title: 'A',
    appliesTo: '[x]',
    category: 'database',
    effort: 'hours',
    risk: 'low',
    tools: '[psql]',
    ...fields,
  };
  return `---\n${Object.entries(all)
    .map(([k, v]) => `${k}: ${v}`)
    .join('\n')}\n---\n`;
};

describe('parsePlaybook', () => {
  test('front matter and body', () => {
    expect(parsePlaybook('a.md', `${front()}\n${sections}`)).toEqual({
      id: 'a',
      title: 'A',
      appliesTo: ['x'],
      category: 'database',
      effort: 'hours',
      risk: 'low',
      tools: ['psql'],
      body: sections.trim(),
    });
  });

  test('Windows line ends', () => {
    const source = `${front()}\n${sections}`.replaceAll('\n', '\r\n');
    expect(parsePlaybook('a.md', source).body).toBe(sections.trim());
  });

  test.each([
    ['no front matter', sections, /a\.md: front matter is missing/],
    ['broken YAML', front({ title: '[1' }) + sections, /a\.md: front matter is not YAML/],
    ['bad field', front({ effort: 'weeks' }) + sections, /a\.md: front matter 'effort'/],
    ['unknown field', `${front({ colour: 'red' })}${sections}`, /a\.md: front matter .*colour/],
    ['other id', front({ id: 'b' }) + sections, /'id' is 'b', must be 'a'/],
    ['heading left out', front() + sections.replace('## Verify', '### Verify'), /a\.md: headings are/],
    [
      'headings in another order',
      front() + sections.replace('Verify', 'X').replace('Prevent', 'Verify').replace('X', 'Prevent'),
      /headings are/,
    ],
    ['unknown variable', `${front()}${sections}{{colour}}`, /\{\{colour\}\} is not a variable/],
    ['free text in a code block', `${front()}${sections}\n\`\`\`sql\n{{statement}}\n\`\`\``, /free text/],
    ['variable in a table', `${front()}${sections}\n| {{service}} |`, /table/],
    ['touching variables', `${front()}${sections}{{service}}{{table}}`, /touches another/],
    ['open code span', `${front()}${sections}a \` b`, /code span does not end/],
    ['open code block', `${front()}${sections}\n\`\`\`\nx`, /code block does not end/],
  ])('%s', (_, source, message) => {
    expect(() => parsePlaybook('a.md', source)).toThrow(message);
  });
});

test('loadPlaybooks names the bad file of a folder', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'playbooks-'));
  writeFileSync(path.join(folder, 'a.md'), front() + sections);
  writeFileSync(path.join(folder, 'notes.txt'), 'not a playbook');
  expect(loadPlaybooks(folder).map((p) => p.id)).toEqual(['a']);
  writeFileSync(path.join(folder, 'b.md'), front({ id: 'b', risk: 'none' }) + sections);
  expect(() => loadPlaybooks(folder)).toThrow(/^b\.md: front matter 'risk'/);
});

describe('the playbooks that come with Chokepoint', () => {
  const all = loadPlaybooks();

  test('README.md links to each', () => {
    const linked = [...readFileSync('README.md', 'utf8').matchAll(/lib\/playbooks\/content\/([a-z-]+)\.md/g)];
    expect(linked.map((m) => m[1]).sort()).toEqual(all.map((p) => p.id));
  });

  test('a detector has one playbook', () => {
    const detectors = all.flatMap((p) => p.appliesTo);
    expect(detectors.filter((d, i) => detectors.indexOf(d) !== i)).toEqual([]);
  });

  test.each(all.map((p) => [p.id, p] as const))(
    '%s has steps where something is to be done',
    (_, playbook) => {
      const { steps } = fillPlaybook(playbook, undefined);
      const headings = new Set(steps.map((s) => s.heading));
      for (const heading of ['Confirm', 'Stop the bleeding', 'Fix it properly', 'Verify', 'Prevent'])
        expect(headings).toContain(heading);
      expect(new Set(steps.map((s) => s.id)).size).toBe(steps.length);
    },
  );

  test.each(all.map((p) => [p.id, p] as const))(
    '%s says which numbers prove the fix, before against after, and how to undo it',
    (_, { body }) => {
      const verify = body.split('## Verify')[1]?.split('## Prevent')[0] ?? '';
      expect(verify).toMatch(/panel|page/);
      expect(verify).toMatch(/Compare the range before the \w+ with a range of the same length after/);
      expect(body).toMatch(/undo/i);
    },
  );

  test.each(all.map((p) => [p.id, p] as const))('%s reads well when nothing is known', (_, playbook) => {
    expect(fillPlaybook(playbook, undefined).body).not.toMatch(/\{\{|\}\}|undefined/);
  });
});
