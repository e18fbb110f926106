import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { Fault } from '#lib/model/fault.ts';
import { PLAYBOOK_HEADINGS, type Playbook, PlaybookMeta } from '#lib/model/playbook.ts';
import { VARIABLE } from './fill.ts';
import { VARIABLES } from './variables.ts';

const FRONT_MATTER = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/;

/** The server runs from the project's root; a path beside this file would point into the bundle. */
export const CONTENT_FOLDER = path.join(process.cwd(), 'lib/playbooks/content');

const bad = (file: string, problem: string): Fault =>
  new Fault(500, 'bad-playbook', `${file}: ${problem}; correct the file and restart`);

function readMeta(file: string, yaml: string): PlaybookMeta {
  let data: unknown;
  try {
    data = parse(yaml);
  } catch (error) {
    throw bad(file, `front matter is not YAML (${error instanceof Error ? error.message : error})`);
  }
  const parsed = PlaybookMeta.safeParse(data);
  if (parsed.success) return parsed.data;
  throw bad(
    file,
    parsed.error.issues.map((i) => `front matter '${i.path.join('.') || '(all)'}' ${i.message}`).join('; '),
  );
}

/** What `fillPlaybook` relies on to tell text, code spans and code blocks apart, line by line. */
function checkVariables(file: string, body: string): void {
  let inFence = false;
  for (const line of body.split('\n')) {
    const isFence = /^\s*```/.test(line);
    if (isFence) inFence = !inFence;
    for (const [text, name = ''] of line.matchAll(VARIABLE)) {
      const variable = VARIABLES.get(name);
      if (!variable) throw bad(file, `${text} is not a variable of lib/playbooks/variables.ts`);
      if (inFence && variable.kind === 'text')
        throw bad(file, `${text} is free text and must not stand in a code block`);
      if (line.startsWith('|')) throw bad(file, `${text} stands in a table`);
    }
    if (!inFence && /\}\}[`{]|`\{\{/.test(line.replace(/`[^`]+`/g, '')))
      throw bad(file, `a variable touches another: '${line.trim()}'`);
    if (!inFence && !isFence && (line.split('`').length - 1) % 2 !== 0)
      throw bad(file, `a code span does not end on its line: '${line.trim()}'`);
  }
  if (inFence) throw bad(file, 'a code block does not end');
}

/**
 * One playbook from the text of its file. Throws a `Fault` that names the file and the field, heading or
 * variable that is wrong.
 */
export function parsePlaybook(file: string, source: string): Playbook {
  const match = FRONT_MATTER.exec(source);
  if (!match) throw bad(file, "front matter is missing (the file must begin with '---')");
  const meta = readMeta(file, match[1] ?? '');
  const expected = path.basename(file, '.md');
  if (meta.id !== expected) throw bad(file, `front matter 'id' is '${meta.id}', must be '${expected}'`);

  const body = source.slice(match[0].length).replaceAll('\r\n', '\n').trim();
  const headings = [...body.matchAll(/^## (.+)$/gm)].map((m) => m[1]?.trim());
  if (headings.join('\n') !== PLAYBOOK_HEADINGS.join('\n'))
    throw bad(file, `headings are '${headings.join(', ')}', must be '${PLAYBOOK_HEADINGS.join(', ')}'`);
  checkVariables(file, body);
  return { ...meta, body };
}

/**
 * Every playbook of a folder (`<id>.md`), by id. Throws a `Fault` for the first bad file.
 * The comments keep the bundler from taking a folder that it cannot know for the whole project.
 */
export function loadPlaybooks(folder: string = CONTENT_FOLDER): Playbook[] {
  return readdirSync(/* turbopackIgnore: true */ folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => {
      const file = `${folder}/${name}`;
      return parsePlaybook(name, readFileSync(/* turbopackIgnore: true */ file, 'utf8'));
    });
}
