import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { parse } from '#lib/query/promql/parse.ts';
import { print } from '#lib/query/promql/print.ts';

const FOLDER = '../shared/cases/dashboards';

/** Grafana's variables, filled in as a dashboard would before it asks. */
function fillVariables(query: string): string {
  const value = (name: string): string => {
    if (/interval|resolution|range|duration/i.test(name)) return '5m';
    if (/quantile|percentile/i.test(name)) return '0.95';
    if (/metric$/i.test(name)) return 'up';
    return /topk|limit|^k$/i.test(name) ? '5' : 'x';
  };
  return query.replace(
    /\$\{(\w+)(?::\w+)?\}|\$(\w+)|\[\[(\w+)\]\]/g,
    (_, a: string | undefined, b: string | undefined, c: string | undefined) => value(a ?? b ?? c ?? ''),
  );
}

function expressions(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(expressions);
  if (typeof node !== 'object' || node === null) return [];
  const own = 'expr' in node && typeof node.expr === 'string' && node.expr.trim() !== '' ? [node.expr] : [];
  const isLoki = 'datasource' in node && /loki/i.test(JSON.stringify(node.datasource));
  return [...(isLoki ? [] : own), ...Object.values(node).flatMap(expressions)];
}

describe.skipIf(!existsSync(FOLDER))(`dashboards and rules of others (skipped without ${FOLDER})`, () => {
  for (const file of globSync(`${FOLDER}/{grafana,rules}/*.{json,yml,yaml}`).sort()) {
    test(`every expression of ${path.basename(file)} parses, and so does its formatted form`, () => {
      const found = expressions(parseYaml(readFileSync(file, 'utf8'))).map(fillVariables);
      expect(found.length).toBeGreaterThan(0);
      for (const query of found) {
        const formatted = print(parse(query));
        expect(print(parse(formatted)), query).toBe(formatted);
      }
    });
  }
});
