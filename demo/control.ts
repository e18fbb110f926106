/** `npm run demo -- faults` and `npm run demo -- fault <name> [on|off]`. */
import type { FaultState } from './faults.ts';

const base = `http://127.0.0.1:${process.env.DEMO_PORT || 3900}`;

interface Reply {
  readonly message?: string;
  readonly faults?: readonly FaultState[];
  readonly error?: { readonly message: string };
}

async function ask(init?: RequestInit): Promise<Reply> {
  let response: Response;
  try {
    response = await fetch(`${base}/faults`, init);
  } catch {
    throw new Error(`The demo shop does not run (nothing listens on ${base}). Start it with: npm run demo`);
  }
  const reply = (await response.json()) as Reply;
  if (!response.ok) throw new Error(reply.error?.message ?? `the shop answered ${response.status}`);
  return reply;
}

function table(faults: readonly FaultState[]): string {
  const width = Math.max(...faults.map((fault) => fault.name.length));
  return faults
    .map(({ name, what, since }) => {
      const tail = since === null ? '' : ` (since ${new Date(since).toLocaleTimeString()})`;
      return `${since === null ? 'off' : 'ON '}  ${name.padEnd(width)}  ${what}${tail}`;
    })
    .join('\n');
}

const USAGE = 'Usage: npm run demo -- faults\n       npm run demo -- fault <name> [on|off]';

async function run(words: readonly string[]): Promise<string> {
  const [verb, name, state = 'on'] = words;
  if (verb === 'faults' && name === undefined) return table((await ask()).faults ?? []);
  if (verb !== 'fault' || name === undefined || (state !== 'on' && state !== 'off')) throw new Error(USAGE);
  const reply = await ask({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, on: state === 'on' }),
  });
  return reply.message ?? '';
}

try {
  console.log(await run(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
