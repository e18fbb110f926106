import type { ChangeEvent } from '#lib/model/event.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Database } from '../database.ts';
import { columnTime } from '../resting.ts';
import type { StoreState } from '../state.ts';
import type { EventReader } from '../store.ts';
import { keyText } from '../text.ts';

export class StoredEventReader implements EventReader {
  private readonly db: Database;
  private readonly state: StoreState;

  constructor(db: Database, state: StoreState) {
    this.db = db;
    this.state = state;
  }

  async list(range: TimeRange, filter: { service?: string } = {}): Promise<ChangeEvent[]> {
    const { heads } = this.state.view();
    const rows = await this.db.event.findMany({
      where: {
        at: { gte: columnTime(range.from), lte: columnTime(range.to, Math.ceil) },
        ...(filter.service === undefined ? {} : { service: { in: ['', keyText(filter.service)] } }),
      },
      select: { content: true },
    });
    // By id: an event that was just compacted may stand in a head and in the table.
    const byId = new Map<string, ChangeEvent>();
    for (const row of rows) {
      const event: ChangeEvent = JSON.parse(row.content);
      byId.set(event.id, event);
    }
    for (const head of heads) for (const event of head.events.values()) byId.set(event.id, event);
    return [...byId.values()]
      .filter((e) => e.at >= range.from && e.at <= range.to)
      .filter((e) => filter.service === undefined || e.service === '' || e.service === filter.service)
      .sort((a, b) => a.at - b.at);
  }

  async get(id: string): Promise<ChangeEvent | undefined> {
    const { heads } = this.state.view();
    for (const head of heads.toReversed()) {
      const event = head.events.get(id);
      if (event !== undefined) return event;
    }
    const row = await this.db.event.findUnique({ where: { id: keyText(id) }, select: { content: true } });
    return row === null ? undefined : JSON.parse(row.content);
  }
}
