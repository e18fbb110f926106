import { format, type SqlLanguage } from 'sql-formatter';
import type { DatabaseSystem } from '#lib/model/statement.ts';

const LANGUAGES: Partial<Record<DatabaseSystem, SqlLanguage>> = {
  postgresql: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mariadb',
};
/** Laying out takes time with the length; what is longer nobody reads as a whole. */
const LONGEST = 8_000;

/** Lays a masked statement out over lines; what the formatter cannot read stays as it is. */
export function formatSql(text: string, system: DatabaseSystem): string {
  if (text.length > LONGEST) return text;
  try {
    return format(text, {
      language: LANGUAGES[system] ?? 'sql',
      keywordCase: 'preserve',
      paramTypes: { positional: true, numbered: ['$'] },
    });
  } catch {
    return text;
  }
}
