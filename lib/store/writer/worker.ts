/**
 * The writer thread: the only place that writes to the database, one transaction at a time. Runs as plain Node
 * (started by ./client.ts), so that large inserts and compaction never hold up the thread that answers requests.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { backendOf, openDatabase } from '../database.ts';
import { compact } from './compaction.ts';
import * as control from './control.ts';
import { deleteSeries } from './delete-series.ts';
import { giveBackPages } from './give-back.ts';
import { insertRows } from './log-rows.ts';
import { merge } from './merge.ts';
import type { OperationName, Reply, Request, WorkerData, WriterOperations } from './messages.ts';
import { prune } from './prune.ts';
import { openShop } from './shop.ts';
import { Turns } from './turns.ts';

const port = parentPort;
if (port === null) throw new Error('writer/worker.ts runs as a worker thread, see writer/client.ts');

const { place } = workerData as WorkerData;
const db = openDatabase(place, 2);
const shop = openShop(db, backendOf(place));
const { turns } = shop;
/** Joins and drops what rests: two such jobs at once would do the same work. */
const jobs = new Turns();

const job = <T>(work: () => Promise<T>): Promise<T> =>
  jobs.take(async () => {
    const output = await work();
    await giveBackPages(shop);
    return output;
  });

type Handlers = {
  [K in OperationName]: (input: WriterOperations[K][0]) => Promise<WriterOperations[K][1]>;
};

const handlers: Handlers = {
  append: (rows) => turns.take(() => insertRows(db, rows)),
  compact: (order) => compact(shop, order),
  merge: (finished) => job(() => merge(shop, finished)),
  prune: (order) => job(() => prune(shop, order)),
  deleteSeries: (order) => deleteSeries(shop, order),
  probe: () => turns.take(() => control.probe(db)),
  saveFindings: (findings) => turns.take(() => control.saveFindings(db, findings)),
  saveSnapshot: (snapshot) => turns.take(() => control.saveSnapshot(db, snapshot)),
  deleteSnapshot: (id) => turns.take(() => control.deleteSnapshot(db, id)),
  saveEmbed: (embed) => turns.take(() => control.saveEmbed(db, embed)),
  setStep: (state) => turns.take(() => control.setStep(db, state)),
  close: () => turns.finish(() => control.close(db, place)),
};

async function answer<K extends OperationName>({ call, name, input }: Request<K>): Promise<void> {
  let reply: Reply;
  try {
    reply = { call, output: await handlers[name](input) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    reply = { call, error: { message, stack } };
  }
  port?.postMessage(reply);
}

port.on('message', (request: Request) => void answer(request));
