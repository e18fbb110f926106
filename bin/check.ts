/**
 * Runs every check in turn, shows what each says when it fails, and ends with `N passed, N failed`.
 * `npm test -- unit types` runs only those.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
interface Check {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Reads the tool's own report; without it the check counts as one. */
  readonly count?: () => Counts;
}

const scratch = mkdtempSync(path.join(tmpdir(), 'chokepoint-check-'));
const bin = (name: string): string => `node_modules/${name}`;

function vitestCounts(file: string): Counts {
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
  };
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function playwrightCounts(file: string): Counts {
  const { stats } = JSON.parse(readFileSync(file, 'utf8')) as {
    stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  };
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}

function vitest(project: string): Check {
  const file = path.join(scratch, `${project}.json`);
  return {
    name: project,
    args: [
      bin('vitest/vitest.mjs'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    count: () => vitestCounts(file),
  };
}

const e2eReport = path.join(scratch, 'e2e.json');
const CHECKS: readonly Check[] = [
  { name: 'generate', args: ['bin/generate.ts'] },
  { name: 'lint', args: [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'] },
  { name: 'imports', args: ['bin/check-imports.ts'] },
  { name: 'types', args: [bin('typescript/bin/tsc'), '-p', '.', '--incremental', 'false'] },
  vitest('unit'),
  { name: 'build', args: ['bin/prepare.ts'] },
  vitest('integration'),
  {
    name: 'e2e',
    args: [bin('playwright/cli.js'), 'test', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport },
    count: () => playwrightCounts(e2eReport),
  },
];

function run(check: Check): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, check.args, {
      env: { ...process.env, ...check.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (part: Buffer): void => {
      output += part.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const check of CHECKS.filter((c) => wanted.length === 0 || wanted.includes(c.name))) {
    const start = performance.now();
    const { code, output } = await run(check);
    let counts: Counts = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
    try {
      if (check.count) counts = check.count();
    } catch {
      counts = { passed: 0, failed: 1, skipped: 0 };
    }
    // A runner can fail outside any test (a hook, a crash): that is a failure all the same.
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const failed = counts.failed > 0;
    console.log(
      `${failed ? 'FAIL' : 'ok  '} ${check.name.padEnd(12)} ${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ''} (${seconds} s)`,
    );
    if (failed) console.log(output);
    total.passed += counts.passed;
    total.failed += counts.failed;
    total.skipped += counts.skipped;
  }
  rmSync(scratch, { recursive: true, force: true });
  console.log(
    `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
  );
  process.exitCode = total.failed ? 1 : 0;
}

await main();
