/**
 * Loaded into the server by ./loop.ts (`node --import`): notes every stretch in which the event loop of the main
 * thread gave no turn, beside a CPU profile, and writes both when told to.
 */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import type { Hold } from './loop-holders.ts';

const TICK_MS = 5;
/** Shorter ones are not looked at. */
const NOTED_MS = 20;

const micros = (): number => Number(process.hrtime.bigint() / 1000n);

async function watch(file: string): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 1000 });
  let holds: Hold[] = [];
  let from = micros();
  let cpu = process.threadCpuUsage();
  setInterval(() => {
    const to = micros();
    const used = process.threadCpuUsage(cpu);
    const cpuMs = (used.user + used.system) / 1000;
    if (to - from > (TICK_MS + NOTED_MS) * 1000) holds.push({ from, to, cpuMs });
    from = to;
    cpu = process.threadCpuUsage();
  }, TICK_MS).unref();
  const finish = async (): Promise<void> => {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(file, JSON.stringify({ holds, profile }));
    process.send?.('written');
  };
  process.on('message', (message) => {
    if (message === 'begin') {
      holds = [];
      void session.post('Profiler.start');
    } else if (message === 'finish') void finish();
  });
  process.send?.('probe');
}

const file = process.env.LOOP_PROBE_FILE;
if (isMainThread && file !== undefined && process.send !== undefined) await watch(file);
