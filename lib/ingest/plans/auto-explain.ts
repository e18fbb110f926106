import type { ExplainedStatement } from './json.ts';
import { queryOfCutJson, readJsonPlan } from './json.ts';
import { readTextPlan } from './text.ts';

function xmlQuery(xml: string): string {
  const from = xml.indexOf('<Query-Text>');
  const to = xml.indexOf('</Query-Text>', from);
  if (from < 0 || to < 0) return '';
  return xml
    .slice(from + 12, to)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** Reads what auto_explain logs behind `plan:`, in any of its formats; of XML and YAML only the statement. */
export function readAutoExplain(text: string): ExplainedStatement {
  const body = text.trimStart();
  if (body.startsWith('{') || body.startsWith('[')) return readJsonPlan(body);
  if (body.startsWith('<')) return { query: xmlQuery(body), plan: undefined };
  // YAML quotes the statement as JSON does; no statement itself starts with a quote.
  if (body.startsWith('Query Text: "'))
    return { query: queryOfCutJson(`"Query Text": ${body.slice(12)}`), plan: undefined };
  return readTextPlan(body);
}
