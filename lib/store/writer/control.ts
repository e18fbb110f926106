import type { Finding } from '#lib/model/finding.ts';
import type { Database, DatabasePlace } from '../database.ts';
import { columnTime } from '../resting.ts';
import type { Embed, Snapshot, StepState } from '../store.ts';
import { columnText, keyText } from '../text.ts';

export async function probe(db: Database): Promise<undefined> {
  const value = String(Date.now());
  await db.meta.upsert({ where: { key: 'probe' }, create: { key: 'probe', value }, update: { value } });
}

export async function saveFindings(db: Database, findings: readonly Finding[]): Promise<undefined> {
  await db.$transaction(
    findings.map((finding) => {
      const row = {
        detector: keyText(finding.detector),
        service: keyText(finding.subject.service ?? ''),
        state: finding.state,
        firstSeen: columnTime(finding.firstSeen),
        lastSeen: columnTime(finding.lastSeen),
        content: JSON.stringify(finding),
      };
      const id = keyText(finding.id);
      return db.finding.upsert({ where: { id }, create: { id, ...row }, update: row });
    }),
  );
}

export async function saveSnapshot(db: Database, snapshot: Snapshot): Promise<undefined> {
  const { id, title, url, createdAt, expiresAt, deleteKeyHash, content } = snapshot;
  const row = {
    title: columnText(title),
    url: columnText(url),
    createdAt: columnTime(createdAt),
    expiresAt: expiresAt === undefined ? null : columnTime(expiresAt),
    deleteKeyHash,
    content: columnText(content),
  };
  await db.snapshot.upsert({ where: { id }, create: { id, ...row }, update: row });
}

export async function deleteSnapshot(db: Database, id: string): Promise<undefined> {
  await db.snapshot.deleteMany({ where: { id } });
}

export async function saveEmbed(db: Database, embed: Embed): Promise<undefined> {
  const { tokenHash } = embed;
  const row = {
    createdAt: columnTime(embed.createdAt),
    expiresAt: embed.expiresAt === undefined ? null : columnTime(embed.expiresAt),
    content: JSON.stringify(embed),
  };
  await db.embed.upsert({ where: { tokenHash }, create: { tokenHash, ...row }, update: row });
}

export async function setStep(db: Database, state: StepState): Promise<undefined> {
  const findingId = keyText(state.findingId);
  const step = keyText(state.step);
  const row = { done: state.done, at: columnTime(state.at) };
  await db.step.upsert({
    where: { findingId_step: { findingId, step } },
    create: { findingId, step, ...row },
    update: row,
  });
}

export async function close(db: Database, place: DatabasePlace): Promise<undefined> {
  if (place.databaseUrl === undefined) await db.$queryRaw`PRAGMA wal_checkpoint(TRUNCATE)`;
  await db.$disconnect();
}
