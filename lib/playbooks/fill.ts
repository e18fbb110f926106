import { createHash } from 'node:crypto';
import type { Finding } from '#lib/model/finding.ts';
import type { Playbook } from '#lib/model/playbook.ts';
import { codeSpan, inCodeBlock, inCodeSpan, inLink, inText } from './escape.ts';
import { knownValues } from './variables.ts';

/** `{{name}}` or `{{name|words to show when unknown}}` */
export const VARIABLE = /\{\{(\w+)(?:\|([^{}]*))?\}\}/g;

export interface PlaybookStep {
  /** Stable while the playbook's own words stay the same, whatever the finding fills in. */
  readonly id: string;
  readonly heading: string;
  /** Markdown of the item, without its `- [ ]`. */
  readonly text: string;
}

export interface FilledPlaybook {
  readonly body: string;
  /** In the order of the body's `- [ ]` items. */
  readonly steps: readonly PlaybookStep[];
}

type Replace = (value: string, name: string) => string | undefined;

function substitute(template: string, known: ReadonlyMap<string, string>, replace: Replace): string {
  return template.replace(VARIABLE, (_, name: string, words: string | undefined) => {
    const value = known.get(name);
    const filled = value === undefined ? undefined : replace(value, name);
    return filled ?? words ?? name;
  });
}

/** Code spans and link targets of a line; what stands between them is text. */
const INLINE = /`([^`\n]+)`|\]\(([^()\s]*)\)/g;

function fillLine(line: string, known: ReadonlyMap<string, string>): string {
  let out = '';
  let end = 0;
  for (const match of line.matchAll(INLINE)) {
    out += substitute(line.slice(end, match.index), known, inText);
    out +=
      match[1] === undefined
        ? `](${substitute(match[2] ?? '', known, inLink)})`
        : codeSpan(substitute(match[1], known, inCodeSpan));
    end = match.index + match[0].length;
  }
  return out + substitute(line.slice(end), known, inText);
}

interface OpenStep {
  readonly heading: string;
  readonly template: string[];
  readonly filled: string[];
}

/** Fills a playbook in from a finding. Values are untrusted text: they stay text wherever they land. */
export function fillPlaybook(playbook: Playbook, finding: Finding | undefined): FilledPlaybook {
  const known = knownValues(finding);
  const body: string[] = [];
  const steps: OpenStep[] = [];
  let heading = '';
  let inFence = false;
  let step: OpenStep | undefined;
  for (const line of playbook.body.split('\n')) {
    const isFence = /^\s*```/.test(line);
    const filled = inFence || isFence ? substitute(line, known, inCodeBlock) : fillLine(line, known);
    if (isFence) inFence = !inFence;
    body.push(filled);

    if (!inFence && line.startsWith('## ')) heading = line.slice(3).trim();
    if (!inFence && line.startsWith('- [ ] ')) {
      step = { heading, template: [line.slice(6)], filled: [filled.slice(6)] };
      steps.push(step);
    } else if (line.startsWith('  ') || line === '') {
      step?.template.push(line.slice(2));
      step?.filled.push(filled.slice(2));
    } else {
      step = undefined;
    }
  }
  return {
    body: body.join('\n'),
    steps: steps.map((s) => ({
      id: createHash('sha256')
        .update(`${s.heading}\n${s.template.join('\n').trim()}`)
        .digest('hex')
        .slice(0, 16),
      heading: s.heading,
      text: s.filled.join('\n').trim(),
    })),
  };
}
