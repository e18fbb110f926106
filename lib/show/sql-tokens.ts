export interface SqlToken {
  readonly kind: 'keyword' | 'placeholder' | 'text';
  readonly text: string;
}

const KEYWORDS = new Set(
  `select insert update delete from where and or not in is null like ilike between exists case when then else end as on
   join inner left right full outer cross lateral using group by order having limit offset fetch union all distinct
   values into set returning with recursive create drop alter table index unique primary key foreign references
   begin commit rollback for share nowait skip locked asc desc count sum avg min max over partition window explain
   analyze concurrently if cast interval true false`.split(/\s+/),
);

/** Splits masked SQL into what is worth colouring. Joining the tokens gives the text back. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let plain = '';
  for (const [part] of sql.matchAll(/"[^"]*"|`[^`]*`|'[^']*'|\$\d+|\?|[A-Za-z_][A-Za-z0-9_]*|[\s\S]/g)) {
    const kind =
      part === '?' || /^\$\d+$/.test(part)
        ? 'placeholder'
        : KEYWORDS.has(part.toLowerCase())
          ? 'keyword'
          : 'text';
    if (kind === 'text') {
      plain += part;
      continue;
    }
    if (plain) tokens.push({ kind: 'text', text: plain });
    plain = '';
    tokens.push({ kind, text: part });
  }
  if (plain) tokens.push({ kind: 'text', text: plain });
  return tokens;
}
