import { afterAll, expect, test } from 'vitest';
import { discard, startApp } from '../support/app.ts';
import { stopTestPostgres, testPostgres } from '../support/postgres.ts';
import { WRITE_HEADERS, writeRequest } from '../support/write-request.ts';

afterAll(stopTestPostgres);

test('the app runs on PostgreSQL and finds its data after a kill -9', async () => {
  const databaseUrl = await (await testPostgres()).createDatabase();
  const env = { DATABASE_URL: databaseUrl };
  const first = await startApp({ env });
  const at = Date.now();
  const written = await fetch(`${first.url}/api/v1/write`, {
    method: 'POST',
    headers: WRITE_HEADERS,
    body: Buffer.from(
      writeRequest([
        {
          labels: [
            ['__name__', 'kept'],
            ['job', 'shop'],
          ],
          at,
          value: 7,
        },
      ]),
    ),
  });
  expect(written.status).toBe(204);
  await first.stop('SIGKILL');

  const second = await startApp({ env, dataDir: first.dataDir });
  try {
    const answer = (await (
      await fetch(`${second.url}/api/v1/query?query=kept&time=${at / 1000}`)
    ).json()) as { data: { result: unknown[] } };
    expect(answer.data.result).toEqual([
      { metric: { __name__: 'kept', job: 'shop' }, value: [at / 1000, '7'] },
    ]);
    expect(second.output).toContain('Data lives in PostgreSQL');
    expect(second.output).not.toContain(new URL(databaseUrl).host);
  } finally {
    await discard(second);
  }
});
