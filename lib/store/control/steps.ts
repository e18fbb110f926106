import type { Database } from '../database.ts';
import type { StepStore } from '../store.ts';
import { keyText } from '../text.ts';
import type { WriterClient } from '../writer/client.ts';

export const stepStore = (db: Database, writer: WriterClient): StepStore => ({
  async set(state) {
    await writer.call('setStep', state);
  },

  async list(findingId) {
    const rows = await db.step.findMany({
      where: { findingId: keyText(findingId) },
      orderBy: { step: 'asc' },
    });
    return rows.map(({ findingId: id, step, done, at }) => ({ findingId: id, step, done, at: Number(at) }));
  },
});
