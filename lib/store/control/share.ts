import type { Database } from '../database.ts';
import type { ShareStore } from '../store.ts';
import { keyText } from '../text.ts';
import type { WriterClient } from '../writer/client.ts';

export const shareStore = (db: Database, writer: WriterClient): ShareStore => ({
  async saveSnapshot(snapshot) {
    await writer.call('saveSnapshot', snapshot);
  },

  async snapshot(id) {
    const row = await db.snapshot.findUnique({ where: { id: keyText(id) } });
    if (row === null) return undefined;
    const { title, url, createdAt, expiresAt, deleteKeyHash, content } = row;
    return {
      id: row.id,
      title,
      url,
      createdAt: Number(createdAt),
      expiresAt: expiresAt === null ? undefined : Number(expiresAt),
      deleteKeyHash,
      content,
    };
  },

  async deleteSnapshot(id) {
    await writer.call('deleteSnapshot', keyText(id));
  },

  async saveEmbed(embed) {
    await writer.call('saveEmbed', embed);
  },

  async embed(tokenHash) {
    const row = await db.embed.findUnique({ where: { tokenHash: keyText(tokenHash) } });
    return row === null ? undefined : { expiresAt: undefined, ...JSON.parse(row.content) };
  },
});
