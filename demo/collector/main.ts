/** The shop's agent: scrapes metrics and follows the database's log, and sends both to Chokepoint. */
import { onEnd, report } from '../lifecycle.ts';
import { Delivery } from './delivery.ts';
import { encodeWriteRequest } from './remote-write.ts';
import { scrapeAll } from './scrape.ts';
import { Tail } from './tail.ts';

const SCRAPE_MS = 5000;
const TAIL_MS = 1000;
const METADATA_EVERY = 12;

const [chokepoint = '', logFile = ''] = process.argv.slice(2);

const metrics = new Delivery(
  `${chokepoint}/api/v1/write`,
  {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  },
  'metrics were',
);
const slowLog = new Delivery(
  `${chokepoint}/api/v1/slowlog?format=postgres&service=orders&instance=shop-db-1&database=shop`,
  { 'content-type': 'text/plain; charset=utf-8' },
  'slow-log lines were',
);
const tail = new Tail(logFile);

let rounds = 0;
async function scrapeOnce(): Promise<void> {
  const { samples, metadata } = await scrapeAll();
  const withMetadata = rounds++ % METADATA_EVERY === 0;
  if (samples.length) await metrics.send(encodeWriteRequest(samples, withMetadata ? metadata : []));
}

async function tailOnce(): Promise<void> {
  const text = await tail.read();
  if (text) await slowLog.send(text);
}

const timers = [setInterval(() => void scrapeOnce(), SCRAPE_MS), setInterval(() => void tailOnce(), TAIL_MS)];
onEnd(async () => {
  for (const timer of timers) clearInterval(timer);
  await Promise.race([tailOnce(), new Promise((resolve) => setTimeout(resolve, 1000))]);
});
report({ type: 'ready' });
