import type { PlaybookMeta } from '#lib/model/playbook.ts';

/** One thing to do. */
export interface PlaybookStepModel {
  readonly id: string;
  readonly heading: string;
  /** Markdown */
  readonly text: string;
  readonly done: boolean;
}

export type PlaybookBlock =
  | { readonly kind: 'text'; readonly markdown: string }
  | { readonly kind: 'steps'; readonly steps: readonly PlaybookStepModel[] };

export interface PlaybookSection {
  readonly heading: string;
  readonly blocks: readonly PlaybookBlock[];
}

export interface PlaybookModel extends PlaybookMeta {
  readonly sections: readonly PlaybookSection[];
  /** The finding that filled it in; its steps can be checked off. */
  readonly finding: { readonly id: string; readonly title: string } | undefined;
}

export interface PlaybookCard extends PlaybookMeta {
  /** First symptom, as Markdown. */
  readonly symptom: string;
  /** Titles of the detectors that lead to it. */
  readonly detectors: readonly string[];
}

export interface PlaybooksModel {
  readonly playbooks: readonly PlaybookCard[];
}

/**
 * Takes a filled playbook apart, so that each step can have its own checkbox. The lines of a step are told as
 * `fillPlaybook` tells them: `- [ ] `, then what is indented or blank; `steps` come in the same order.
 */
export function playbookSections(body: string, steps: readonly PlaybookStepModel[]): PlaybookSection[] {
  const sections: { heading: string; blocks: PlaybookBlock[] }[] = [];
  const pending = [...steps];
  let text: string[] = [];
  let list: PlaybookStepModel[] = [];
  let inFence = false;
  const blocks = (): PlaybookBlock[] => {
    let section = sections.at(-1);
    if (!section) {
      section = { heading: '', blocks: [] };
      sections.push(section);
    }
    return section.blocks;
  };
  const flush = () => {
    const markdown = text.join('\n').trim();
    if (list.length > 0) blocks().push({ kind: 'steps', steps: list });
    if (markdown !== '') blocks().push({ kind: 'text', markdown });
    text = [];
    list = [];
  };
  let inStep = false;
  for (const line of body.split('\n')) {
    const isFence = /^\s*```/.test(line);
    if (!inFence && line.startsWith('## ')) {
      flush();
      inStep = false;
      sections.push({ heading: line.slice(3).trim(), blocks: [] });
    } else if (!inFence && line.startsWith('- [ ] ')) {
      if (!inStep && text.join('').trim() !== '') flush();
      inStep = true;
      const step = pending.shift();
      if (step) list.push(step);
    } else if (!(inStep && (line.startsWith('  ') || line === ''))) {
      if (inStep) flush();
      inStep = false;
      text.push(line);
    }
    if (isFence) inFence = !inFence;
  }
  flush();
  return sections;
}
