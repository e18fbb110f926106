import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '#lib/model/fault.ts';

export interface RouteMethods {
  readonly methods: readonly string[];
  /** Whose error body its clients read. */
  readonly protocol: 'own' | 'prometheus';
}

interface Pattern {
  readonly pattern: RegExp;
  readonly route: RouteMethods;
}

/**
 * Methods that each route handler under `app/` takes, read from its exports: Next answers a wrong one without a word
 * and without `Allow`.
 */
export class RouteMethodTable {
  readonly #fixed = new Map<string, RouteMethods>();
  readonly #patterns: Pattern[] = [];

  static read(root: string): RouteMethodTable {
    const table = new RouteMethodTable();
    for (const file of globSync('app/**/route.{ts,tsx}', { cwd: root })) {
      const folder = path.dirname(file).replaceAll(path.sep, '/').slice('app'.length);
      table.add(folder, readFileSync(path.join(root, file), 'utf8'));
    }
    return table;
  }

  /** @param folder as in `/api/v1/label/[name]/values` */
  add(folder: string, source: string): void {
    // What takes every path that is left answers for itself.
    if (folder.includes('[...')) return;
    const url = folder.replaceAll(/\/\([^/]*\)/g, '');
    const methods = [
      ...source.matchAll(/^export (?:const|(?:async )?function) (GET|POST|PUT|PATCH|DELETE)\b/gm),
    ].map((match) => match[1] ?? '');
    const protocol = /protocol: 'prometheus'/.test(source) ? 'prometheus' : 'own';
    if (!url.includes('[')) this.#fixed.set(url, { methods, protocol });
    else {
      const parts = url
        .split('/')
        .map((part) => (part.startsWith('[') ? '[^/]+' : part.replaceAll(/[^\w-]/g, '\\$&')));
      this.#patterns.push({ pattern: new RegExp(`^${parts.join('/')}$`), route: { methods, protocol } });
    }
  }

  find(target: string): RouteMethods | undefined {
    const url = target.split('?', 1)[0]?.replace(/(?<=.)\/+$/, '') ?? '';
    return this.#fixed.get(url) ?? this.#patterns.find(({ pattern }) => pattern.test(url))?.route;
  }
}

/** The answer to a method that a route does not take; undefined lets the request in. */
export function refuseMethod(route: RouteMethods | undefined, method = ''): Fault | undefined {
  if (!route || method === 'OPTIONS' || route.methods.includes(method)) return undefined;
  const taken = route.methods.includes('GET') ? [...route.methods, 'HEAD'] : route.methods;
  if (taken.includes(method)) return undefined;
  const allow = [...taken, 'OPTIONS'].join(', ');
  return new Fault(405, 'method-not-allowed', `${method} is not taken here; use ${allow}`, {
    headers: { allow },
  });
}
