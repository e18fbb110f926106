import type { Database } from '../database.ts';

export type Transaction = Parameters<Parameters<Database['$transaction']>[0]>[0];

export async function readFact(db: Transaction, key: string): Promise<string | undefined> {
  return (await db.meta.findUnique({ where: { key } }))?.value;
}

export async function setFact(db: Transaction, key: string, value: string): Promise<void> {
  await db.meta.upsert({ where: { key }, create: { key, value }, update: { value } });
}
