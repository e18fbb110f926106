import { expect, test } from 'vitest';
import { groupPlaybooks } from './playbook-list.ts';
import type { PlaybookCard } from './playbook-sections.ts';

const card = (id: string, category: string, symptom: string, tools: string[]): PlaybookCard => ({
  id,
  title: id,
  appliesTo: [],
  category,
  effort: 'hours',
  risk: 'low',
  tools,
  symptom,
  detectors: ['Missing index'],
});
const cards = [
  card('Size the pool', 'database', 'Requests wait', ['psql']),
  card('Add an index', 'database', 'Rows are read', ['mysql']),
  card('Roll back', 'change', 'Slower since a deploy', []),
];
const ids = (words: string) =>
  groupPlaybooks(cards, words).map(([name, list]) => [name, list.map((c) => c.id)]);

test.each([
  [
    '',
    [
      ['Change', ['Roll back']],
      ['Database', ['Add an index', 'Size the pool']],
    ],
  ],
  ['PSQL', [['Database', ['Size the pool']]]],
  [' index  rows ', [['Database', ['Add an index']]]],
  ['missing deploy', [['Change', ['Roll back']]]],
  ['nothing', []],
])('"%s"', (words, groups) => {
  expect(ids(words)).toEqual(groups);
});
