import { readTimestamp } from './timestamp.ts';

/** Attributes of an entry, from its `#` lines. */
export interface MysqlHeader {
  /** ms since the epoch, of `# Time:` */
  at: number | undefined;
  /** Whether `# Time:` told its zone. */
  isZoned: boolean;
  user: string;
  schema: string;
  /** seconds; NaN when it is garbled */
  queryTime: number | undefined;
  lockTime: number | undefined;
  rowsSent: number | undefined;
  rowsExamined: number | undefined;
  rowsAffected: number | undefined;
  tempBytes: number | undefined;
}

export const newHeader = (): MysqlHeader => ({
  at: undefined,
  isZoned: false,
  user: '',
  schema: '',
  queryTime: undefined,
  lockTime: undefined,
  rowsSent: undefined,
  rowsExamined: undefined,
  rowsAffected: undefined,
  tempBytes: undefined,
});

/** `071015 21:43:52`: no century, no zone, the hour padded with a space. */
const SHORT_TIME = /^(\d\d)(\d\d)(\d\d) {1,2}(\d{1,2}):(\d\d):(\d\d)/;
const USER = /User(?:@Host)?: ([^[\s]{0,80})\[([^\]]{0,80})\]/;
const ATTRIBUTE = /(\w{1,40}): {0,8}(\S{0,80})/g;

const plainNumber = (text: string): number =>
  /^\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;

function readTime(text: string, header: MysqlHeader): void {
  const iso = readTimestamp(text, 0);
  if (iso !== undefined) {
    header.at = iso.at;
    header.isZoned = /^\S{19,}(?:Z|[+-]\d\d:\d\d)/.test(text);
    return;
  }
  const m = SHORT_TIME.exec(text);
  if (m === null) return;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = m.slice(1).map(Number);
  header.at = Date.UTC(2000 + year, month - 1, day, hour, minute, second);
  header.isZoned = false;
}

function setAttribute(header: MysqlHeader, key: string, value: string): void {
  const number = plainNumber(value);
  const known = Number.isNaN(number) ? undefined : number;
  switch (key) {
    case 'Query_time':
      header.queryTime = number;
      break;
    case 'Lock_time':
      header.lockTime = known;
      break;
    case 'Rows_sent':
      header.rowsSent = known;
      break;
    case 'Rows_examined':
      header.rowsExamined = known;
      break;
    case 'Rows_affected':
      header.rowsAffected = known;
      break;
    case 'Tmp_table_sizes':
      if (known !== undefined && known > 0) header.tempBytes = known;
      break;
    case 'Schema':
      // `Schema:  Last_errno: 0`: no schema, the next attribute was read for it.
      if (!value.endsWith(':')) header.schema = value.slice(0, 64);
      break;
  }
}

/** Reads one `#` line into the header. */
export function readHeaderLine(line: string, header: MysqlHeader): void {
  const time = line.startsWith('# Time: ') ? line.slice(8).trimStart() : undefined;
  if (time !== undefined) readTime(time, header);
  const user = USER.exec(line);
  if (user !== null) header.user = user[2] || user[1] || '';
  if (user !== null || time !== undefined) return;
  // MariaDB's `# explain: …` and Percona's counters hold nothing that is kept.
  if (line.startsWith('# explain:')) return;
  for (const m of line.slice(0, 1000).matchAll(ATTRIBUTE)) {
    const [, key = '', value = ''] = m;
    setAttribute(header, key, value);
  }
}
