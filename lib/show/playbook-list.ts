import type { PlaybookCard } from './playbook-sections.ts';

/** Playbooks that hold every word, by category; both in order of the alphabet. */
export function groupPlaybooks(
  playbooks: readonly PlaybookCard[],
  words: string,
): (readonly [category: string, playbooks: readonly PlaybookCard[]])[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, PlaybookCard[]>();
  for (const playbook of playbooks) {
    const { title, category, symptom, detectors, appliesTo, tools } = playbook;
    const text = [title, category, symptom, ...detectors, ...appliesTo, ...tools].join(' ').toLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    const name = category.charAt(0).toUpperCase() + category.slice(1);
    const group = groups.get(name);
    if (group) group.push(playbook);
    else groups.set(name, [playbook]);
  }
  return [...groups]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, list]) => [name, list.toSorted((a, b) => a.title.localeCompare(b.title))] as const);
}
