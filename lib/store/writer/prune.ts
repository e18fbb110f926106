import type { Database } from '../database.ts';
import type { Turns } from './turns.ts';

export async function prune(
  db: Database,
  turns: Turns,
  { before, now }: { readonly before: number; readonly now: number },
): Promise<undefined> {
  const oldest = BigInt(Math.floor(before));
  await turns.take(async () => {
    await db.event.deleteMany({ where: { at: { lt: oldest } } });
    await db.finding.deleteMany({ where: { state: 'resolved', lastSeen: { lt: oldest } } });
    await db.snapshot.deleteMany({ where: { expiresAt: { lt: BigInt(now) } } });
    await db.embed.deleteMany({ where: { expiresAt: { lt: BigInt(now) } } });
  });
}
