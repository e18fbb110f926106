import type { ViewParams } from '#lib/show/view-key.ts';

export interface ViewQuestion {
  readonly name: string;
  readonly params: ViewParams;
}

/** What one page of the console asks, and how its path is read. */
export interface PageQuestions {
  /** `/services/[service]`; a part in brackets is one path segment */
  readonly path: string;
  readonly title: string;
  /** View name → parameters that it takes from the path and the query. */
  readonly views: Readonly<Record<string, readonly string[]>>;
  /** A parameter that may stand in the query several times: the page asks its views once for each value. */
  readonly each?: string;
}

/** Every page that can be frozen. A page that asks something new adds it here, or its snapshot has a hole. */
export const PAGE_QUESTIONS: readonly PageQuestions[] = [
  { path: '/', title: 'Overview', views: { overview: [] } },
  { path: '/services', title: 'Services', views: { services: [] } },
  { path: '/services/[service]', title: 'Service', views: { service: ['service'] } },
  { path: '/queries', title: 'Slow queries', views: { queries: ['service', 'database', 'sort'] } },
  { path: '/queries/[fingerprint]', title: 'Query', views: { query: ['fingerprint'] } },
  { path: '/traces', title: 'Traces', views: { traces: ['service', 'operation', 'sort', 'minDurationMs'] } },
  { path: '/traces/[id]', title: 'Trace', views: { trace: ['id'] } },
  { path: '/findings', title: 'Findings', views: { findings: ['state', 'service', 'detector'] } },
  { path: '/findings/[id]', title: 'Finding', views: { finding: ['id'] } },
  { path: '/playbooks', title: 'Playbooks', views: { playbooks: [] } },
  { path: '/playbooks/[id]', title: 'Playbook', views: { playbook: ['id', 'finding'] } },
  { path: '/explore', title: 'Explore', views: { explore: ['q', 'tab'], explain: ['q', 'tab'] }, each: 'q' },
  { path: '/targets', title: 'Targets', views: { targets: ['pool', 'health', 'search'] } },
  { path: '/storage', title: 'Storage', views: { storage: [] } },
];

/** As many queries as the Explore page takes. */
const MOST_EACH = 10;

export interface PageMatch {
  readonly page: PageQuestions;
  /** Values of the bracketed parts, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

/** The page behind a path; undefined when there is none that can be frozen. */
export function matchPage(pathname: string): PageMatch | undefined {
  const segments = pathname.split('/').filter(Boolean);
  for (const page of PAGE_QUESTIONS) {
    const parts = page.path.split('/').filter(Boolean);
    if (parts.length !== segments.length) continue;
    const params: [string, string][] = [];
    const fits = parts.every((part, i) => {
      const segment = decode(segments[i] ?? '');
      if (!part.startsWith('[')) return part === segment;
      params.push([part.slice(1, -1), segment]);
      return true;
    });
    if (fits) return { page, params: Object.fromEntries(params) };
  }
  return undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The questions of a page over a range, in the very words its components use. */
export function questionsOf(
  match: PageMatch,
  search: URLSearchParams,
  range: { from: string; to: string },
): ViewQuestion[] {
  const { views, each } = match.page;
  const values = each === undefined ? [undefined] : search.getAll(each).slice(0, MOST_EACH);
  return values.flatMap((value) =>
    Object.entries(views).map(([name, names]) => {
      const picked = names.map(
        (param) =>
          [param, param === each ? value : (match.params[param] ?? search.get(param) ?? undefined)] as const,
      );
      return { name, params: { ...range, ...Object.fromEntries(picked) } };
    }),
  );
}
