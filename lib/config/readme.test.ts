import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configOf } from './config.testing.ts';

test('the configuration that the README shows is one', () => {
  const section = readFileSync('README.md', 'utf8').split('\n## Scrape targets\n')[1] ?? '';
  const [, snippet = ''] = /```yaml\n([\s\S]*?)```/.exec(section) ?? [];
  const config = configOf({ 'chokepoint.yml': snippet, 'rules.yml': '' });
  expect(config.scrapeConfigs.map(({ jobName }) => jobName)).toEqual(['orders', 'nodes']);
  expect(config.ruleFiles).toHaveLength(1);
});
