import type { RawNode } from './build.ts';
import { buildPlan } from './build.ts';
import type { ExplainedStatement } from './json.ts';

const FIGURES =
  /\((?:cost=[\d.]+\.\.([\d.]+) rows=(\d+) width=(\d+)|actual (?:time=[\d.]+\.\.([\d.]+) )?rows=([\d.]+) loops=(\d+)|never executed)\)/g;
const HAS_FIGURES = / \((?:cost=\d|actual (?:time=\d|rows=\d)|never executed\))/;
const SUBPLAN = /^(?:InitPlan|SubPlan|CTE)(?: .*)?$/;
const FOOTER =
  /^(?:Planning(?: Time)?:|Execution Time:|Total runtime:|Trigger |Settings:|Query Identifier:|JIT:|Planning time:|Execution time:)/;

/** Removes what psql and copying put around a plan: frames, quotes, headings, row counts. */
function unframe(text: string): string[] {
  const lines: string[] = [];
  for (const raw of text.split('\n')) {
    let line = raw.trimEnd();
    if (/^\s*(?:#|QUERY PLAN|[-+=─┌├└┐┤┘┬┴┼╔╟╚═|]+$|\(\d+ rows?\))/.test(line) && !HAS_FIGURES.test(line))
      continue;
    if (/^\s*[|│║]/.test(line)) {
      line = line.replace(/^\s*[|│║] ?/, '');
      if (/[|│║]$/.test(line)) line = line.slice(0, -1).trimEnd();
    }
    if (/^\s*"/.test(line) && line.endsWith('"')) line = line.trim().slice(1, -1).replaceAll('""', '"');
    // psql's mark of a line that goes on
    if (line.endsWith('  +')) line = line.slice(0, -1).trimEnd();
    if (line.trim() !== '' && !/^\s*QUERY PLAN\s*$/.test(line)) lines.push(line.trimEnd());
  }
  return lines;
}

const unquote = (name: string): string =>
  name.startsWith('"') && name.endsWith('"') && name.length > 1
    ? name.slice(1, -1).replaceAll('""', '"')
    : name;

/** Splits `public."T x" alias` at its spaces. */
const nameParts = (text: string): string[] => text.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];

/** Takes `Index Scan Backward using i on public.t x` apart. */
function readTitle(title: string, fields: Map<string, unknown>): void {
  let rest = title;
  const on = rest.indexOf(' on ');
  if (on >= 0) {
    const [target = '', alias] = nameParts(rest.slice(on + 4));
    const parts = target.match(/"[^"]*"|[^."]+/g) ?? [];
    const name = unquote(parts.at(-1) ?? target);
    if (/Index Scan$/.test(rest.slice(0, on)) && rest.startsWith('Bitmap')) fields.set('Index Name', name);
    else if (/Function Scan$/.test(rest.slice(0, on))) fields.set('Function Name', name);
    else if (/CTE Scan$/.test(rest.slice(0, on))) fields.set('CTE Name', name);
    else fields.set('Relation Name', name);
    if (alias !== undefined && alias !== name) fields.set('Alias', unquote(alias));
    rest = rest.slice(0, on);
  }
  const using = rest.indexOf(' using ');
  if (using >= 0) {
    fields.set('Index Name', unquote(rest.slice(using + 7).trim()));
    rest = rest.slice(0, using);
  }
  if (rest.endsWith(' Backward')) {
    fields.set('Scan Direction', 'Backward');
    rest = rest.slice(0, -9);
  } else if (/Index(?: Only)? Scan$/.test(rest) && !rest.startsWith('Bitmap')) {
    fields.set('Scan Direction', 'Forward');
  }
  const join =
    / (Left|Right|Full|Semi|Anti|Right Anti|Right Semi) Join$/.exec(rest) ??
    / (Left|Right|Full|Semi|Anti)$/.exec(rest);
  if (join?.[1] !== undefined && /^(?:Parallel )?(?:Hash|Merge|Nested Loop)/.test(rest)) {
    fields.set('Join Type', join[1]);
    rest = rest.slice(0, join.index) + (rest.startsWith('Nested Loop') ? '' : ' Join');
  } else if (/^(?:Parallel )?(?:Nested Loop|Hash Join|Merge Join)$/.test(rest)) {
    fields.set('Join Type', 'Inner');
  }
  fields.set('Node Type', rest.trim());
}

function readFigures(line: string, fields: Map<string, unknown>): void {
  for (const m of line.matchAll(FIGURES)) {
    if (m[1] !== undefined) {
      fields.set('Total Cost', Number(m[1]));
      fields.set('Plan Rows', Number(m[2]));
    } else if (m[5] !== undefined) {
      if (m[4] !== undefined) fields.set('Actual Total Time', Number(m[4]));
      fields.set('Actual Rows', Number(m[5]));
      fields.set('Actual Loops', Number(m[6]));
    } else {
      fields.set('Actual Rows', 0);
      fields.set('Actual Loops', 0);
    }
  }
}

const SORT = /^Sort Method: {1,2}(.{1,60}?) {2}(Memory|Disk): (\d+)kB$/;
const FIGURE = /^([A-Z][\w ]{0,40}): (\d{1,15}(?:\.\d{1,6})?)(?:kB| ms)?$/;
const BUFFERS = /\b(shared|local|temp)((?: (?:hit|read|dirtied|written)=\d{1,15})+)/g;

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Sets what a line below a node tells, under the keys that the JSON form has. */
function readDetail(line: string, fields: Map<string, unknown>): void {
  const sort = SORT.exec(line);
  if (sort !== null) {
    fields
      .set('Sort Method', sort[1])
      .set('Sort Space Type', sort[2])
      .set('Sort Space Used', Number(sort[3]));
    return;
  }
  if (line.startsWith('Buffers: ')) {
    for (const [, kind = '', counts = ''] of line.matchAll(BUFFERS)) {
      for (const [, what = '', count] of counts.matchAll(/(\w+)=(\d+)/g))
        fields.set(`${capital(kind)} ${capital(what)} Blocks`, Number(count));
    }
    return;
  }
  // `Buckets: 1024  Batches: 1  Memory Usage: 9kB`
  const figures = line.split('  ').map((part) => FIGURE.exec(part.trim()));
  if (figures.every((f) => f !== null)) {
    for (const [, key = '', value] of figures) if (!fields.has(key)) fields.set(key, Number(value));
    return;
  }
  const colon = line.indexOf(': ');
  const key = line.slice(0, colon);
  if (colon > 0 && !fields.has(key)) fields.set(key, line.slice(colon + 2).trim());
}

/** Reads EXPLAIN's text form, also as psql prints it; undefined when there is no plan in it. */
export function readTextTree(text: string): RawNode | undefined {
  const open: { indent: number; node: RawNode }[] = [];
  let root: RawNode | undefined;
  let subplan: { parent: RawNode | undefined; indent: number; title: string } | undefined;
  const closeTo = (indent: number): void => {
    while (open.length > 1 && (open.at(-1)?.indent ?? 0) >= indent) open.pop();
  };
  for (const line of unframe(text)) {
    const indent = line.search(/\S/);
    const isChild = line.startsWith('->', indent);
    const body = (isChild ? line.slice(indent + 2) : line).trim();
    if (FOOTER.test(body)) continue;
    if (HAS_FIGURES.test(line) && (isChild || root === undefined)) {
      const node: RawNode = { fields: new Map(), children: [] };
      readTitle(body.slice(0, body.search(HAS_FIGURES)).trim(), node.fields);
      readFigures(body, node.fields);
      closeTo(indent);
      const parent = open.at(-1)?.node;
      parent?.children.push(node);
      root ??= node;
      if (subplan !== undefined && subplan.parent === parent && subplan.indent < indent) {
        node.fields.set('Parent Relationship', subplan.title.split(' ')[0]);
        node.fields.set('Subplan Name', subplan.title);
      }
      open.push({ indent, node });
    } else if (SUBPLAN.test(body)) {
      closeTo(indent);
      subplan = { parent: open.at(-1)?.node, indent, title: body };
    } else if (open.length > 0) {
      readDetail(body, open.at(-1)?.node.fields ?? new Map());
    }
  }
  return root;
}

/** Reads auto_explain's text: `Query Text: …`, perhaps `Query Parameters: …`, and the plan. */
export function readTextPlan(text: string): ExplainedStatement {
  const lines = text.split('\n');
  const query: string[] = [];
  let at = 0;
  if (lines[0]?.startsWith('Query Text:')) {
    query.push(lines[0].slice(11).trimStart());
    at = 1;
    while (at < lines.length) {
      const line = lines[at] ?? '';
      if (line.startsWith('Query Parameters:') || HAS_FIGURES.test(line)) break;
      query.push(line);
      at++;
    }
  }
  const root = readTextTree(lines.slice(at).join('\n'));
  return { query: query.join('\n'), plan: root === undefined ? undefined : buildPlan(root) };
}
