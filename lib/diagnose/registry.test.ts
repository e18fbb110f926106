import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DETECTORS } from './registry.ts';

const ids = DETECTORS.map((d) => d.id).sort();
const files = globSync('lib/diagnose/detectors/*.ts');
const nameOf = (file: string) => path.basename(file).replace(/(?:\.test)?\.ts$/, '');

describe('detector registry', () => {
  test('names every file of the folder, and each has a sibling test', () => {
    expect(
      files
        .filter((f) => !f.endsWith('.test.ts'))
        .map(nameOf)
        .sort(),
    ).toEqual(ids);
    expect(
      files
        .filter((f) => f.endsWith('.test.ts'))
        .map(nameOf)
        .sort(),
    ).toEqual(ids);
  });

  test.each(DETECTORS.map((d) => [d.id, d] as const))(
    '%s links to a playbook that applies to it',
    (id, detector) => {
      const text = readFileSync(`lib/playbooks/content/${detector.playbook}.md`, 'utf8');
      const frontMatter = text.split('---')[1] ?? '';
      expect(frontMatter).toContain(`id: ${detector.playbook}`);
      expect(frontMatter).toContain(id);
    },
  );

  test.each(DETECTORS.map((d) => [d.id, d] as const))(
    '%s gives a reason for every threshold',
    (_, detector) => {
      for (const threshold of Object.values(detector.thresholds))
        expect(threshold.why.length).toBeGreaterThan(10);
      expect(Object.keys(detector.thresholds).length).toBeGreaterThan(0);
    },
  );
});
