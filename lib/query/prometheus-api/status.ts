import { Fault } from '#lib/model/fault.ts';
import type { StoreStats } from '#lib/store/store.ts';
import { success } from './answer.ts';

/** The Prometheus release whose query API this one equals; Grafana chooses its features by it. */
const COMPATIBLE_WITH = '3.0.0';

export interface ServerFacts {
  /** Chokepoint's own version. */
  readonly version: string;
  /** ms since the epoch */
  readonly startedAt: number;
  /** ms; undefined keeps everything */
  readonly retentionMs: number | undefined;
  stats(): Promise<StoreStats>;
}

/** `/api/v1/status/<kind>` */
export async function status(kind: string, facts: ServerFacts): Promise<Response> {
  const retention = facts.retentionMs === undefined ? '0s' : `${facts.retentionMs / 1000}s`;
  switch (kind) {
    case 'buildinfo':
      return success({
        version: COMPATIBLE_WITH,
        revision: `chokepoint-${facts.version}`,
        branch: '',
        buildUser: '',
        buildDate: '',
        goVersion: '',
      });
    case 'runtimeinfo': {
      const stats = await facts.stats();
      return success({
        startTime: new Date(facts.startedAt).toISOString(),
        reloadConfigSuccess: true,
        timeSeriesCount: stats.series,
        storageRetention: retention,
      });
    }
    case 'flags':
      return success({
        'query.lookback-delta': '5m',
        'query.max-samples': '50000000',
        'query.timeout': '2m',
        'storage.tsdb.retention.time': retention,
      });
    case 'tsdb': {
      const stats = await facts.stats();
      return success({ headStats: { numSeries: stats.series, chunkCount: 0, numLabelPairs: 0 } });
    }
    default:
      throw new Fault(
        404,
        'not_found',
        `there is no status '${kind}'; known: buildinfo, runtimeinfo, flags, tsdb`,
      );
  }
}
