import { availableParallelism, hostname } from 'node:os';
import { Fault } from '#lib/model/fault.ts';
import type { NamedCount, Store } from '#lib/store/store.ts';
import { success } from './answer.ts';
import { durationText, timeText } from './duration-text.ts';
import { countParam } from './params.ts';

/** The Prometheus release whose query API this one equals; Grafana chooses its features by it. */
const COMPATIBLE_WITH = '3.5.0';

export interface ServerFacts {
  /** Chokepoint's own version. */
  readonly version: string;
  /** ms since the epoch */
  readonly startedAt: number;
  /** ms; undefined keeps everything */
  readonly retentionMs: number | undefined;
  readonly queryTimeoutMs: number;
  readonly queryMaxSamples: number;
  /** The loaded configuration as YAML. */
  readonly configYaml: string;
  /** How the last reading of it went; absent when there is none. */
  readonly config?: { readonly loadedAt: number; readonly error: string | undefined } | undefined;
  readonly store: { readonly metrics: Pick<Store['metrics'], 'cardinality'>; readonly stats: Store['stats'] };
}

type Answer = (facts: ServerFacts, form: URLSearchParams) => unknown;

const KINDS = new Map<string, Answer>([
  ['buildinfo', buildInfo],
  ['runtimeinfo', runtimeInfo],
  ['config', ({ configYaml }) => ({ yaml: configYaml })],
  ['flags', flags],
  ['tsdb', tsdb],
  // The log is read before the first request is answered.
  ['walreplay', () => ({ min: 0, max: 0, current: 0, state: 'done' })],
]);

/** `/api/v1/status/<kind>` */
export async function status(kind: string, facts: ServerFacts, form: URLSearchParams): Promise<Response> {
  const answer = KINDS.get(kind);
  if (!answer)
    throw new Fault(404, 'not_found', `there is no status '${kind}'; known: ${[...KINDS.keys()].join(', ')}`);
  return success(await answer(facts, form));
}

function retention({ retentionMs }: ServerFacts): string {
  return durationText(retentionMs ?? 0);
}

function buildInfo({ version }: ServerFacts): unknown {
  return {
    version: COMPATIBLE_WITH,
    revision: `chokepoint-${version}`,
    branch: '',
    buildUser: '',
    buildDate: '',
    goVersion: '',
  };
}

async function runtimeInfo(facts: ServerFacts): Promise<unknown> {
  const { series } = await facts.store.stats();
  return {
    startTime: timeText(facts.startedAt),
    hostname: hostname(),
    serverTime: timeText(Date.now()),
    reloadConfigSuccess: facts.config?.error === undefined,
    lastConfigTime: timeText(facts.config?.loadedAt ?? facts.startedAt),
    timeSeriesCount: series,
    corruptionCount: 0,
    GOMAXPROCS: availableParallelism(),
    storageRetention: retention(facts),
  };
}

function flags(facts: ServerFacts): unknown {
  return {
    'enable-feature': 'exemplar-storage,native-histograms,promql-experimental-functions',
    'query.lookback-delta': '5m',
    'query.max-samples': String(facts.queryMaxSamples),
    'query.timeout': durationText(facts.queryTimeoutMs),
    'storage.tsdb.retention.time': retention(facts),
    'web.enable-admin-api': 'true',
    'web.enable-remote-write-receiver': 'true',
  };
}

async function tsdb({ store }: ServerFacts, form: URLSearchParams): Promise<unknown> {
  const limit = countParam(form, 'limit');
  const counts = await store.metrics.cardinality();
  const top = (list: readonly NamedCount[]): unknown[] =>
    list.slice(0, limit).map(({ name, count }) => ({ name, value: count }));
  return {
    headStats: {
      numSeries: counts.series,
      numLabelPairs: counts.labelPairs,
      chunkCount: counts.chunks,
      minTime: counts.oldest ?? 0,
      maxTime: counts.newest ?? 0,
    },
    seriesCountByMetricName: top(counts.seriesByMetric),
    labelValueCountByLabelName: top(counts.valuesByLabel),
    memoryInBytesByLabelName: top(counts.bytesByLabel),
    seriesCountByLabelValuePair: top(counts.seriesByPair),
  };
}
