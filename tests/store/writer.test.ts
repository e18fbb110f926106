import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLog } from '#lib/platform/log.ts';
import { openDatabase } from '#lib/store/database.ts';
import { migrate } from '#lib/store/migrate.ts';
import { openStore } from '#lib/store/open.ts';
import { WriterClient } from '#lib/store/writer/client.ts';

const log = createLog(() => undefined);
const row = (id: number) => ({ id, signal: 0, receivedAt: 1, data: new Uint8Array(8) });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'chokepoint-writer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const idsOnDisk = async (): Promise<number[]> => {
  const db = openDatabase({ dataDir: folder, databaseUrl: undefined }, 1);
  const rows = await db.batch.findMany({ orderBy: { id: 'asc' }, select: { id: true } });
  await db.$disconnect();
  return rows.map(({ id }) => Number(id));
};

test('a writer thread that dies is replaced, and every append is answered by what is on disk', async () => {
  const place = { dataDir: folder, databaseUrl: undefined };
  await migrate(place);
  const health: boolean[] = [];
  const writer = new WriterClient(
    { place },
    log,
    async () => (await idsOnDisk()).at(-1) ?? 0,
    (ok) => health.push(ok),
  );
  const order: number[] = [];
  await writer.append(row(1), () => order.push(1));
  const answers = [2, 3, 4].map((id) =>
    writer
      .append(row(id), () => order.push(id))
      .then(
        () => id,
        (error: { status: number; code: string }) => `${error.status} ${error.code}`,
      ),
  );
  await writer.kill();
  const settled = await Promise.all(answers);
  const onDisk = await idsOnDisk();
  for (const [i, answer] of settled.entries())
    expect(answer).toBe(onDisk.includes(i + 2) ? i + 2 : '503 store-not-writable');
  await writer.append(row(9), () => order.push(9));
  expect(await idsOnDisk()).toContain(9);
  expect(health.at(-1)).toBe(true);
  await writer.close();
}, 30_000);

test('a row the database refuses fails its append with a 503 and the next one is taken', async () => {
  const place = { dataDir: folder, databaseUrl: undefined };
  await migrate(place);
  const health: boolean[] = [];
  const writer = new WriterClient(
    { place },
    log,
    async () => 0,
    (ok) => health.push(ok),
  );
  await writer.append(row(1), () => undefined);
  await expect(writer.append(row(1), () => undefined)).rejects.toMatchObject({ status: 503 });
  await writer.append(row(2), () => undefined);
  expect(health).toEqual([true, false, true]);
  await writer.close();
});

test('a second process on the same folder is told so; once the first is gone it may start', async () => {
  const first = await openStore({ dataDir: folder, log });
  await expect(openStore({ dataDir: folder, log })).rejects.toMatchObject({ code: 'data-in-use' });
  await first.close();
  const second = await openStore({ dataDir: folder, log });
  await second.close();
});
