import type { Finding } from '#lib/model/finding.ts';
import type { Database } from '../database.ts';
import { columnTime } from '../resting.ts';
import type { FindingStore } from '../store.ts';
import { keyText } from '../text.ts';
import type { WriterClient } from '../writer/client.ts';

/** Findings come from us and are validated when made; their JSON is trusted to be one. */
const parse = (content: string): Finding => JSON.parse(content);

export const findingStore = (db: Database, writer: WriterClient): FindingStore => ({
  async save(findings) {
    if (findings.length > 0) await writer.call('saveFindings', findings);
  },

  async get(id) {
    const row = await db.finding.findUnique({ where: { id: keyText(id) }, select: { content: true } });
    return row === null ? undefined : parse(row.content);
  },

  async list({ range, state, service, detector }) {
    const rows = await db.finding.findMany({
      where: {
        ...(range === undefined
          ? {}
          : {
              firstSeen: { lte: columnTime(range.to, Math.ceil) },
              lastSeen: { gte: columnTime(range.from) },
            }),
        ...(state === undefined ? {} : { state }),
        ...(service === undefined ? {} : { service: keyText(service) }),
        ...(detector === undefined ? {} : { detector: keyText(detector) }),
      },
      orderBy: [{ lastSeen: 'desc' }, { id: 'asc' }],
      select: { content: true },
    });
    return rows.map((row) => parse(row.content));
  },
});
