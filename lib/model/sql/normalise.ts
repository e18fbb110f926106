import { createHash } from 'node:crypto';
import { collapseLists } from './collapse.ts';
import { maskLiterals } from './mask.ts';
import { splitMasked } from './split.ts';
import type { SqlDialect } from './tokens.ts';

export interface NormalisedSql {
  /** Literals and placeholders are `?`, repeated list items and tuples appear once, white space is folded. */
  readonly text: string;
  /** 16 hex digits: the first 64 bits of SHA-256 of `text` in lower case. */
  readonly fingerprint: string;
}

/** Longer shapes are cut: nobody reads on, and each is stored. */
const TEXT_LIMIT = 16_384;

const KEYWORDS_BEFORE_PAREN = new Set(
  (
    'all and any as between by case check conflict distinct else except exists filter from group having ' +
    'in index intersect interval into is join key lateral like limit not offset on or over primary ' +
    'references returning select set some table then union unique update using value values when where with within'
  ).split(' '),
);

/** What MySQL logs in place of a statement; not SQL. */
const ADMINISTRATOR = /^\s*administrator command:\s*(\w[\w ]{0,40}?)[;\s]*$/i;

const OPENS = new Set(['(', '[', '.', '::', ':']);
const CLOSES = new Set([',', ')', ']', ';', '.', '::', ':']);

const isWord = (token: string | undefined): boolean =>
  token !== undefined && /^[\w"`@$\u0080-\uffff]/.test(token);

/** Puts tokens together with one spacing, whatever the original's was. */
function join(tokens: readonly string[]): string {
  let text = '';
  let intoTable = false;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? '';
    const before = tokens[i - 1];
    let space = before !== undefined && !OPENS.has(before) && !CLOSES.has(token);
    if (space && token === '(' && isWord(before)) {
      space = intoTable || KEYWORDS_BEFORE_PAREN.has((before ?? '').toLowerCase());
    } else if (space && token === '[') {
      space = !isWord(before) && before !== ')' && before !== ']';
    }
    text += space ? ` ${token}` : token;
    if (isWord(token)) intoTable = before === '.' ? intoTable : before?.toLowerCase() === 'into';
    else if (token !== '.') intoTable = false;
  }
  return text;
}

function shapeOf(whole: string): NormalisedSql {
  const text = whole.length > TEXT_LIMIT ? `${whole.slice(0, TEXT_LIMIT - 1)}…` : whole;
  const hash = createHash('sha256').update(text.toLowerCase()).digest('hex');
  return { text, fingerprint: hash.slice(0, 16) };
}

/** What `normaliseStatement` makes of a text whose literals are masked already. */
export function normaliseMasked(masked: string, dialect: SqlDialect): NormalisedSql {
  const command = ADMINISTRATOR.exec(masked)?.[1];
  if (command !== undefined) return shapeOf(`administrator command: ${command}`);
  const tokens = collapseLists(splitMasked(masked, dialect));
  while (tokens.at(-1) === ';') tokens.pop();
  return shapeOf(join(tokens));
}

/**
 * The shape of a statement: one text and one fingerprint for all its executions, whether it comes from a log or
 * from a span's `db.query.text`. No literal of the original is left in it; where a quote never ends, everything
 * from there on is one `?`.
 */
export function normaliseStatement(sql: string, dialect: SqlDialect): NormalisedSql {
  return normaliseMasked(maskLiterals(sql, dialect).text, dialect);
}
