import type { ConfigStatus } from '#lib/model/config-status.ts';
import { type Label, type Labels, labelValue } from '#lib/model/labels.ts';
import type { ScrapeTarget, ScrapeTargets } from '#lib/model/scrape-target.ts';

export type TargetHealth = ScrapeTarget['health'];

export interface TargetRow {
  readonly key: string;
  readonly instance: string;
  readonly url: string;
  /** Without `job` and `instance`, which stand beside them. */
  readonly labels: readonly Label[];
  readonly discoveredLabels: readonly Label[];
  readonly health: TargetHealth;
  readonly error: string;
  /** What to do about the error. */
  readonly advice: string | null;
  /** ms since the epoch */
  readonly lastScrape: number | null;
  readonly lastScrapeMs: number;
  readonly samples: number;
  readonly missed: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

export interface TargetPool {
  readonly name: string;
  /** Those that are not well first. */
  readonly targets: readonly TargetRow[];
  /** Targets that the filter leaves; `targets` may be the first of them only. */
  readonly matching: number;
  readonly up: number;
  readonly all: number;
  readonly dropped: number;
  readonly droppedLabels: readonly (readonly Label[])[];
  readonly problems: readonly string[];
}

export interface TargetsModel {
  readonly now: number;
  /** null: no configuration file is set. */
  readonly config: {
    readonly path: string;
    readonly loadedAt: number;
    readonly error: string | null;
    readonly failedAt: number | null;
  } | null;
  readonly pools: readonly TargetPool[];
  readonly poolNames: readonly string[];
  readonly counts: Readonly<Record<TargetHealth, number>>;
}

export interface TargetFilter {
  readonly pool?: string | undefined;
  readonly health?: string | undefined;
  /** Part of an instance, URL, label value or error. */
  readonly search?: string | undefined;
}

/** Rows and dropped targets of all pools together that reach the browser. */
const MOST_ROWS = 200;
const MOST_DROPPED = 50;
const ORDER: Record<TargetHealth, number> = { down: 0, unknown: 1, up: 2 };

const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /HTTP status 40[13]/,
    'Check basic_auth or authorization of this job: the target asks who we are, or does not let us in.',
  ],
  [/HTTP status 404/, 'Check metrics_path: the target answers, but has nothing at this path.'],
  [/HTTP status 5\d\d/, 'The target itself fails while it writes its metrics; its own log tells why.'],
  [/HTTP status 3\d\d/, 'Give the address it redirects to, or set follow_redirects: true.'],
  [
    /no complete answer within/,
    'Open the URL by hand and see how long it takes. Raise scrape_timeout (and scrape_interval), or let the target say less.',
  ],
  [
    /^(?:sample|label|label_name_length|label_value_length)_limit/,
    'Raise the limit, or drop what is too much with metric_relabel_configs.',
  ],
  [/^target_limit/, 'Raise target_limit, or narrow what discovery finds with relabel_configs.'],
  [
    /^line \d+:/,
    'The target writes text that is not in the format it claims. Open the URL and look at that line.',
  ],
  [/not stored/, 'Look at the server’s log and at the free space of the data folder.'],
];

/** What helps against an error, where its own words do not say it. */
export function adviceFor(error: string): string | null {
  return ADVICE.find(([pattern]) => pattern.test(error))?.[1] ?? null;
}

function rowOf(target: ScrapeTarget): TargetRow {
  const { labels, url, lastError } = target;
  return {
    key: `${labels.map((label) => label.join('=')).join()} ${url}`,
    instance: labelValue(labels, 'instance'),
    url,
    labels: labels.filter(([name]) => name !== 'job' && name !== 'instance'),
    discoveredLabels: target.discoveredLabels,
    health: target.health,
    error: lastError,
    advice: lastError === '' ? null : adviceFor(lastError),
    lastScrape: target.lastScrape ?? null,
    lastScrapeMs: target.lastScrapeMs,
    samples: target.lastSamples,
    missed: target.missed,
    intervalMs: target.intervalMs,
    timeoutMs: target.timeoutMs,
  };
}

function matches(target: ScrapeTarget, { health, search = '' }: TargetFilter): boolean {
  if (health && target.health !== health) return false;
  const text = search.trim().toLowerCase();
  const texts = [target.url, target.lastError, ...target.labels.map(([, value]) => value)];
  return text === '' || texts.some((one) => one.toLowerCase().includes(text));
}

const byHealth = (a: ScrapeTarget, b: ScrapeTarget): number =>
  ORDER[a.health] - ORDER[b.health] || (instanceOf(a.labels) < instanceOf(b.labels) ? -1 : 1);
const instanceOf = (labels: Labels): string => labelValue(labels, 'instance');

/** What the targets page shows. */
export function targetsModel(
  scraping: { readonly targets: ScrapeTargets; readonly config: ConfigStatus } | undefined,
  filter: TargetFilter,
  now: number,
): TargetsModel {
  const counts = { up: 0, down: 0, unknown: 0 };
  if (scraping === undefined) return { now, config: null, pools: [], poolNames: [], counts };
  const { targets, config } = scraping;
  const byPool = new Map<string, ScrapeTarget[]>(targets.pools.map((pool) => [pool, []]));
  for (const target of targets.active) {
    counts[target.health]++;
    byPool.get(target.pool)?.push(target);
  }
  let room = MOST_ROWS;
  const pools: TargetPool[] = [];
  for (const [name, all] of byPool) {
    if (filter.pool && filter.pool !== name) continue;
    const found = all.filter((target) => matches(target, filter)).sort(byHealth);
    const isFiltered = Boolean(filter.health || filter.search);
    if (isFiltered && found.length === 0) continue;
    const shown = found.slice(0, room);
    room -= shown.length;
    pools.push({
      name,
      targets: shown.map(rowOf),
      matching: found.length,
      up: all.filter(({ health }) => health === 'up').length,
      all: all.length,
      dropped: targets.droppedCounts.get(name) ?? 0,
      droppedLabels: targets.dropped
        .filter(({ pool }) => pool === name)
        .slice(0, MOST_DROPPED)
        .map(({ discoveredLabels }) => discoveredLabels),
      problems: targets.problems?.get(name) ?? [],
    });
  }
  const { path, loadedAt, error = null, failedAt = null } = config;
  return { now, config: { path, loadedAt, error, failedAt }, pools, poolNames: targets.pools, counts };
}
