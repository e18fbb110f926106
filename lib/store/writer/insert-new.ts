import type { ChangeEvent } from '#lib/model/event.ts';
import type { Database } from '../database.ts';
import { columnTime } from '../resting.ts';
import { columnText, keyText } from '../text.ts';
import type { Transaction } from './facts.ts';
import type { RestingRows } from './resting-row-set.ts';
import { slices } from './slices.ts';
import type { OperationRow } from './statistics-rows.ts';
import type { Turns } from './turns.ts';

/** Rows that may be there already: texts stay as they are, events take the newer form. */
export async function insertNew(db: Database, turns: Turns, rows: RestingRows): Promise<void> {
  const each = async <T>(list: readonly T[], write: (tx: Transaction, part: T[]) => Promise<unknown>) => {
    for (const part of slices(list)) await turns.take(() => db.$transaction((tx) => write(tx, part)));
  };
  const texts = new Map(rows.statementTexts.map((t) => [keyText(t.fingerprint), columnText(t.text)]));
  await each([...texts], insertTexts);
  await each(rows.operations, widenOperations);
  await each(rows.events, replaceEvents);
}

async function insertTexts(tx: Transaction, part: readonly [string, string][]): Promise<void> {
  const known = await tx.statementText.findMany({
    where: { fingerprint: { in: part.map(([fingerprint]) => fingerprint) } },
    select: { fingerprint: true },
  });
  const fingerprints = new Set(known.map(({ fingerprint }) => fingerprint));
  await tx.statementText.createMany({
    data: part
      .filter(([fingerprint]) => !fingerprints.has(fingerprint))
      .map(([fingerprint, text]) => ({ fingerprint, text })),
  });
}

async function widenOperations(tx: Transaction, part: readonly OperationRow[]): Promise<void> {
  // All of a service's operations: few, and simpler to ask for than pairs.
  const known = await tx.spanOperation.findMany({
    where: { service: { in: [...new Set(part.map((o) => o.service))] } },
  });
  const before = new Map(known.map((o) => [`${o.key}${o.service}`, o]));
  const data = part.map((o) => {
    const { first = o.first, last = o.last } = before.get(`${o.key}${o.service}`) ?? {};
    return {
      ...o,
      first: columnTime(Math.min(Number(first), Number(o.first))),
      last: columnTime(Math.max(Number(last), Number(o.last))),
    };
  });
  for (const [service, list] of Map.groupBy(data, (o) => o.service))
    await tx.spanOperation.deleteMany({ where: { service, key: { in: list.map((o) => o.key) } } });
  await tx.spanOperation.createMany({ data });
}

async function replaceEvents(tx: Transaction, part: readonly ChangeEvent[]): Promise<void> {
  const data = part.map((event) => ({
    id: keyText(event.id),
    at: columnTime(event.at),
    service: keyText(event.service),
    content: JSON.stringify(event),
  }));
  await tx.event.deleteMany({ where: { id: { in: data.map((e) => e.id) } } });
  await tx.event.createMany({ data });
}
