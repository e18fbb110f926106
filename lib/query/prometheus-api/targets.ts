import { labelsObject } from '#lib/model/labels.ts';
import type { ScrapeTarget, ScrapeTargets } from '#lib/model/scrape-target.ts';
import { success } from './answer.ts';
import { durationText, timeText } from './duration-text.ts';
import { countParam, selectorParam } from './params.ts';
import { satisfiesAll } from './satisfies.ts';

const NONE: ScrapeTargets = { pools: [], active: [], dropped: [], droppedCounts: new Map() };

/** `/api/v1/targets`: `state` is active, dropped or any; `scrapePool` names one pool. */
export function targets(
  form: URLSearchParams,
  { active, dropped, droppedCounts, pools }: ScrapeTargets = NONE,
): Response {
  const state = (form.get('state') ?? '').toLowerCase();
  const pool = form.get('scrapePool') ?? '';
  const ofPool = (one: { readonly pool: string }): boolean => pool === '' || one.pool === pool;
  const shows = (kind: string): boolean => state === '' || state === 'any' || state === kind;
  const byPool = (a: ScrapeTarget, b: ScrapeTarget): number =>
    a.pool < b.pool ? -1 : a.pool > b.pool ? 1 : 0;
  return success({
    activeTargets: shows('active') ? active.filter(ofPool).toSorted(byPool).map(activeTarget) : [],
    droppedTargets: shows('dropped')
      ? dropped
          .filter(ofPool)
          .map((one) => ({ discoveredLabels: labelsObject(one.discoveredLabels), scrapePool: one.pool }))
      : [],
    droppedTargetCounts: Object.fromEntries(
      pools.filter((name) => ofPool({ pool: name })).map((name) => [name, droppedCounts.get(name) ?? 0]),
    ),
  });
}

function activeTarget(target: ScrapeTarget): unknown {
  return {
    discoveredLabels: labelsObject(target.discoveredLabels),
    labels: labelsObject(target.labels),
    scrapePool: target.pool,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError: target.lastError,
    lastScrape: timeText(target.lastScrape),
    lastScrapeDuration: target.lastScrapeMs / 1000,
    health: target.health,
    scrapeInterval: durationText(target.intervalMs),
    scrapeTimeout: durationText(target.timeoutMs),
  };
}

/** `/api/v1/scrape_pools` */
export function scrapePools({ pools }: ScrapeTargets = NONE): Response {
  return success({ scrapePools: pools.toSorted() });
}

/** `/api/v1/targets/metadata`: what targets say of their metrics. */
export function targetsMetadata(form: URLSearchParams, { active }: ScrapeTargets = NONE): Response {
  const limit = countParam(form, 'limit');
  const matching = form.get('match_target') ?? '';
  const matchers = matching === '' ? [] : selectorParam('match_target', matching);
  const metric = form.get('metric') ?? '';
  const found: unknown[] = [];
  for (const target of active) {
    if (found.length >= limit) break;
    if (!satisfiesAll(target.labels, matchers)) continue;
    for (const { name, type, help, unit } of target.metadata()) {
      if (metric !== '' && name !== metric) continue;
      found.push({
        target: labelsObject(target.labels),
        ...(metric === '' ? { metric: name } : {}),
        type,
        help,
        unit,
      });
    }
  }
  return success(found);
}
