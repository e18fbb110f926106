/**
 * Fails when an import runs against the direction of the data's path (ARCHITECTURE.md, "Folders"),
 * when a folder names a package it must not know, or when a relative import leaves its own folder.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Folder → folders it may import from. A folder may always import from itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'lib/model': [],
  'lib/platform': ['lib/model'],
  'lib/ingest': ['lib/model'],
  'lib/show': ['lib/model'],
  'lib/playbooks': ['lib/model'],
  'lib/store': ['lib/model', 'lib/platform'],
  'lib/query': ['lib/model', 'lib/store'],
  'lib/diagnose': ['lib/model', 'lib/query', 'lib/store', 'lib/platform'],
  'lib/views': ['lib/model', 'lib/show', 'lib/query', 'lib/store', 'lib/diagnose', 'lib/playbooks'],
  'lib/share': [
    'lib/model',
    'lib/show',
    'lib/query',
    'lib/store',
    'lib/diagnose',
    'lib/views',
    'lib/playbooks',
  ],
  'lib/http': ['lib/model', 'lib/platform'],
  'lib/config': ['lib/model'],
  'lib/scrape': ['lib/model', 'lib/platform', 'lib/ingest', 'lib/config', 'lib/store'],
  'lib/rules': ['lib/model', 'lib/platform', 'lib/query', 'lib/config', 'lib/store'],
  components: ['lib/model', 'lib/show'],
};

/** Folders that know the store's types only; whoever starts them gives them the live one. */
const STORE_IS_GIVEN = ['app', 'lib/scrape', 'lib/rules'];

/** Package (or prefix of it) → the only folders that may name it. */
const PACKAGE_HOME: Record<string, readonly string[]> = {
  '@prisma/': ['lib/store', 'tests', 'bin', 'bench'],
  'better-sqlite3': ['lib/store', 'tests', 'bench', 'e2e'],
  pg: ['lib/store', 'demo', 'tests', 'bench'],
  react: ['app', 'components'],
  'react-dom': ['app', 'components'],
  next: ['app', 'components', 'bin', '.'],
  recharts: ['components'],
  '@codemirror/': ['components'],
  '@prometheus-io/codemirror-promql': ['components'],
  '@prometheus-io/lezer-promql': ['lib/query'],
  snappy: ['lib/ingest', 'tests', 'bench', 'demo', 'e2e'],
};

const folderOf = (file: string): string => {
  const [top, second] = file.split('/');
  if (top === 'lib' && second !== undefined) return `lib/${second}`;
  return file.includes('/') ? (top ?? '.') : '.';
};

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Problems of one file, each a line for a person. */
export function importProblems(file: string, source: string): string[] {
  const from = folderOf(file);
  const problems: string[] = [];
  for (const match of source.matchAll(IMPORT)) {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const isTypeOnly = /^\s*(?:import|export)\s+type\s/.test(match[0]);
    if (specifier.startsWith('.') || specifier.startsWith('#')) {
      const target = specifier.startsWith('#')
        ? specifier.slice(1)
        : path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
      const to = folderOf(target);
      if (to === from) continue;
      if (specifier.startsWith('.') && from !== '.') {
        problems.push(`${file}: relative import of another folder, write '#${target}'`);
      }
      const allowed = MAY_IMPORT[from];
      if (allowed && !allowed.includes(to))
        problems.push(`${file}: ${from} must not import ${to} (${specifier})`);
      if (STORE_IS_GIVEN.includes(from) && to === 'lib/store' && !isTypeOnly) {
        problems.push(`${file}: ${from} is given the live store; only 'import type' from lib/store`);
      }
    } else if (!specifier.startsWith('node:')) {
      for (const [name, homes] of Object.entries(PACKAGE_HOME)) {
        const hit = name.endsWith('/')
          ? specifier.startsWith(name)
          : specifier === name || specifier.startsWith(`${name}/`);
        if (hit && !homes.includes(from))
          problems.push(`${file}: only ${homes.join(', ')} may name '${name}'`);
      }
    }
  }
  return problems;
}

if (import.meta.main) {
  const roots = ['app', 'components', 'lib', 'bin', 'demo', 'bench', 'e2e', 'tests', 'prisma'].filter((d) =>
    existsSync(d),
  );
  const files = roots
    .flatMap((d) => globSync(`${d}/**/*.{ts,tsx,mjs}`))
    .filter((f) => !f.includes('/generated/'));
  const problems = files.flatMap((f) => importProblems(f.replaceAll('\\', '/'), readFileSync(f, 'utf8')));
  for (const p of problems) console.error(p);
  console.log(`imports: ${files.length} files, ${problems.length} problems`);
  process.exitCode = problems.length ? 1 : 0;
}
