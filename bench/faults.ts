/**
 * How soon the right card stands first after a fault is switched on in the running demo shop, and how soon it
 * resolves after it is switched off. Start the shop first: `npm run demo`, wait a few minutes for a baseline.
 *
 *   node bench/faults.ts [--base http://127.0.0.1:3000] [--only name,name] [--healthy minutes]
 *
 * `--healthy` watches the untouched shop that long and counts cards above "info".
 */
import { cpus } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    base: { type: 'string', default: 'http://127.0.0.1:3000' },
    only: { type: 'string', default: '' },
    healthy: { type: 'string', default: '0' },
  },
});
const base = values.base;
const APPEAR_LIMIT_S = 120;
const RESOLVE_LIMIT_S = 420;

interface Fault {
  readonly name: string;
  readonly service: string;
  readonly detector: string | null;
}
interface Finding {
  readonly id: string;
  readonly detector: string;
  readonly severity: string;
  readonly title: string;
  readonly subject: { readonly service?: string };
}
interface Overview {
  /** open, the likeliest cause first */
  readonly findings: readonly Finding[];
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const get = async <T>(path: string): Promise<T> => (await (await fetch(base + path)).json()) as T;

async function turn(name: string, on: boolean): Promise<void> {
  const response = await fetch(`${base}/api/demo/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, on }),
  });
  if (!response.ok)
    throw new Error(`${name} could not be switched ${on ? 'on' : 'off'}: ${await response.text()}`);
}

const openFindings = (): Promise<Finding[]> => get('/api/v1/findings?state=open&from=0&to=now');

/** The card that stands first on the overview. */
async function firstCard(): Promise<string> {
  const [first] = (await get<Overview>('/api/ui/overview?from=now-15m&to=now')).findings;
  return first ? `${first.detector}@${first.subject.service}` : 'none';
}

async function until(limitS: number, done: () => Promise<boolean>): Promise<number | undefined> {
  const start = performance.now();
  while (performance.now() - start < limitS * 1000) {
    if (await done()) return (performance.now() - start) / 1000;
    await sleep(1000);
  }
  return undefined;
}

const words = (seconds: number | undefined, limit: number): string =>
  seconds === undefined ? `not within ${limit} s` : `${seconds.toFixed(0)} s`;

async function measure(fault: Fault): Promise<boolean> {
  await turn(fault.name, true);
  const isIt = (f: Finding): boolean => f.detector === fault.detector && f.subject.service === fault.service;
  const appeared = await until(APPEAR_LIMIT_S, async () => (await openFindings()).some(isIt));
  const first = await firstCard();
  const beside = (await openFindings())
    .filter((f) => !isIt(f))
    .map((f) => `${f.detector}@${f.subject.service}(${f.severity})`);
  await turn(fault.name, false);
  const resolved = await until(RESOLVE_LIMIT_S, async () => (await openFindings()).length === 0);
  const right = first.startsWith(`${fault.detector}@`);
  console.log(
    `${fault.name.padEnd(20)} card after ${words(appeared, APPEAR_LIMIT_S).padEnd(18)} first: ${first.padEnd(40)} all quiet ${words(resolved, RESOLVE_LIMIT_S)} after off${beside.length ? `  beside it: ${beside.join(', ')}` : ''}`,
  );
  return appeared !== undefined && appeared <= 60 && right && resolved !== undefined;
}

async function watchHealthy(minutes: number): Promise<boolean> {
  const seen = new Map<string, string>();
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) {
    for (const f of await openFindings())
      if (f.severity !== 'info') seen.set(f.id, `${f.detector}: ${f.title}`);
    await sleep(5000);
  }
  console.log(
    `healthy for ${minutes} min: ${seen.size} cards above info${seen.size ? `: ${[...seen.values()].join('; ')}` : ''}`,
  );
  return seen.size === 0;
}

console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`);
let good = true;
if (Number(values.healthy) > 0) good = (await watchHealthy(Number(values.healthy))) && good;
else {
  const { faults } = await get<{ faults: Fault[] }>('/api/demo/faults');
  const only = values.only.split(',').filter(Boolean);
  for (const fault of faults.filter((f) => f.detector && (only.length === 0 || only.includes(f.name))))
    good = (await measure(fault)) && good;
}
process.exitCode = good ? 0 : 1;
