/** The demo shop: a database, five processes that sell things, one that buys, one that watches. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { listenForControl } from './control-server.ts';
import { seed, setItemsIndex } from './database/schema.ts';
import { Fleet } from './fleet.ts';
import { databaseFolder, freePort } from './place.ts';
import { ORDERS } from './shape.ts';
import { type Deploy, Switchboard, VERSIONS } from './switchboard.ts';

const root = path.dirname(import.meta.dirname);
const chokepoint = process.env.CHOKEPOINT_URL || 'http://127.0.0.1:3000';
const dataDir = path.resolve(root, process.env.CHOKEPOINT_DATA || 'data');
const controlPort = Number(process.env.DEMO_PORT || 3900);

const say = (line: string): void => console.log(`shop: ${line}`);
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const fleet = new Fleet({ root, chokepoint, say });
let databaseUrl = '';
let ready = false;

async function announceDeploy(deploy: Deploy): Promise<void> {
  try {
    const response = await fetch(`${chokepoint}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'deploy', ...deploy }),
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
  } catch (error) {
    say(`the deploy event was not taken by ${chokepoint}: ${error instanceof Error ? error.message : error}`);
  }
}

const switchboard = new Switchboard({
  fleet,
  setItemsIndex: (present) => setItemsIndex(databaseUrl, present),
  announceDeploy,
  say,
});

async function fillDatabase(): Promise<void> {
  const started = performance.now();
  say(`filling the database with ${ORDERS.toLocaleString('en')} orders …`);
  await seed(databaseUrl);
  if (switchboard.isOn('missing-index')) await setItemsIndex(databaseUrl, false);
  say(`database ready (${seconds(started)})`);
}

async function openShop(): Promise<void> {
  const started = performance.now();
  const isRoot = process.getuid?.() === 0;
  const folder = databaseFolder(dataDir, isRoot);
  mkdirSync(path.dirname(folder), { recursive: true });
  const logFile = `${folder}.log`;
  const [port, linkPort] = [await freePort(), await freePort()];
  const password = randomBytes(16).toString('hex');
  databaseUrl = `postgresql://shop:${password}@127.0.0.1:${linkPort}/shop`;
  say('starting PostgreSQL …');
  await fleet.start({
    name: 'database',
    module: 'demo/database/server.ts',
    args: [folder, logFile, String(port), String(linkPort)],
    env: { SHOP_PASSWORD: password },
    afterRestart: fillDatabase,
  });
  await fillDatabase();
  await fleet.start({ name: 'processor', module: 'demo/services/processor.ts' });
  for (const [name, version] of Object.entries(VERSIONS)) {
    await fleet.start({
      name,
      version,
      module: `demo/services/${name}.ts`,
      observed: true,
      env: name === 'orders' ? { DATABASE_URL: databaseUrl } : undefined,
    });
  }
  await fleet.start({
    name: 'collector',
    module: 'demo/collector/main.ts',
    args: [chokepoint, logFile],
  });
  await fleet.start({ name: 'load', module: 'demo/load.ts' });
  ready = true;
  say(
    `open after ${seconds(started)}: ${fleet.url('storefront')} has about 25 requests a second; telemetry goes to ${chokepoint}`,
  );
  say('break something: npm run demo -- fault missing-index   (all: npm run demo -- faults)');
}

let closing = false;
async function close(code: number): Promise<void> {
  if (closing) return;
  closing = true;
  say('closing …');
  control?.close();
  await fleet.close(['collector', 'database']);
  say('closed');
  process.exit(code);
}

let control: Awaited<ReturnType<typeof listenForControl>> | undefined;
process.on('SIGTERM', () => void close(0));
process.on('SIGINT', () => void close(0));
process.on('disconnect', () => void close(0));
try {
  control = await listenForControl(controlPort, {
    switchboard,
    ready: () => ready,
    storefront: () => fleet.url('storefront'),
  });
  say(`takes switches on http://127.0.0.1:${control.port}`);
  await openShop();
} catch (error) {
  if (!closing) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    say(
      taken
        ? `port ${controlPort} is taken: does another demo run? Stop it, or set DEMO_PORT to a free port`
        : `cannot open: ${error instanceof Error ? error.message : error}`,
    );
    await close(1);
  }
}
