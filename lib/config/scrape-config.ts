import { z } from 'zod';
import { type Discovery, discovery, discoveryShape, LATER_DISCOVERY } from './discovery-config.ts';
import { formatConfigDuration } from './duration.ts';
import { bool, count, duration, labelMap, nonEmpty, positiveDuration, size, textList } from './fields.ts';
import { type HttpClientConfig, httpClientConfig, httpClientShape } from './http-client.ts';
import { type RelabelRule, relabelRule } from './relabel-rule.ts';
import { section } from './section.ts';

/** What a target is asked for, in Prometheus' names, the most wanted first. */
export const SCRAPE_PROTOCOLS = [
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
] as const;
export type ScrapeProtocol = (typeof SCRAPE_PROTOCOLS)[number];

/** 0 is no limit throughout. */
export interface ScrapeLimits {
  readonly bodyBytes: number;
  readonly samples: number;
  readonly labels: number;
  /** bytes of UTF-8 */
  readonly labelNameLength: number;
  /** bytes of UTF-8 */
  readonly labelValueLength: number;
  readonly targets: number;
  readonly keepDroppedTargets: number;
}

/** One scrape config, with what it inherits from `global` filled in. */
export interface ScrapeConfig {
  readonly jobName: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly protocols: readonly ScrapeProtocol[];
  readonly fallbackProtocol: ScrapeProtocol | undefined;
  readonly metricsPath: string;
  readonly scheme: 'http' | 'https';
  readonly params: readonly (readonly [name: string, values: readonly string[]])[];
  readonly honorLabels: boolean;
  readonly honorTimestamps: boolean;
  readonly trackTimestampsStaleness: boolean;
  readonly compression: boolean;
  readonly extraMetrics: boolean;
  /** Names of metrics and labels must be of letters, digits, underscores (and colons). */
  readonly legacyNames: boolean;
  readonly limits: ScrapeLimits;
  readonly http: HttpClientConfig;
  readonly discovery: Discovery;
  readonly relabel: readonly RelabelRule[];
  readonly metricRelabel: readonly RelabelRule[];
}

const PROTOBUF = 'PrometheusProto';
const protocol = z.enum([...SCRAPE_PROTOCOLS, PROTOBUF], {
  error: `must be one of ${SCRAPE_PROTOCOLS.join(', ')}`,
});

/** Keys that `global` and a scrape config share. */
const sharedShape = {
  scrape_interval: positiveDuration.optional(),
  scrape_timeout: positiveDuration.optional(),
  scrape_protocols: z
    .array(protocol, { error: 'must be a list' })
    .min(1, { error: 'names no protocol' })
    .optional(),
  body_size_limit: size.optional(),
  sample_limit: count.optional(),
  label_limit: count.optional(),
  label_name_length_limit: count.optional(),
  label_value_length_limit: count.optional(),
  target_limit: count.optional(),
  keep_dropped_targets: count.optional(),
  metric_name_validation_scheme: z.enum(['legacy', 'utf8'], { error: 'must be legacy or utf8' }).optional(),
  extra_scrape_metrics: bool.optional(),
};
/** They concern native histograms over protobuf, or files that are not written here. */
const SHARED_IGNORED = [
  'metric_name_escaping_scheme',
  'scrape_native_histograms',
  'always_scrape_classic_histograms',
  'scrape_classic_histograms',
  'convert_classic_histograms_to_nhcb',
  'scrape_failure_log_file',
];

export const globalSection = section(
  {
    ...sharedShape,
    evaluation_interval: positiveDuration.optional(),
    rule_query_offset: duration.optional(),
    external_labels: labelMap.optional(),
  },
  { ignored: [...SHARED_IGNORED, 'query_log_file'] },
);
export type GlobalInput = z.infer<typeof globalSection>;

export const scrapeSection = section(
  {
    ...sharedShape,
    ...httpClientShape,
    ...discoveryShape,
    job_name: nonEmpty,
    fallback_scrape_protocol: protocol.optional(),
    metrics_path: nonEmpty.optional(),
    honor_labels: bool.optional(),
    honor_timestamps: bool.optional(),
    track_timestamps_staleness: bool.optional(),
    scheme: z.enum(['http', 'https'], { error: 'must be http or https' }).optional(),
    params: z.record(z.string(), textList, { error: 'must be a mapping of names to lists' }).optional(),
    enable_compression: bool.optional(),
    relabel_configs: z.array(relabelRule, { error: 'must be a list' }).optional(),
    metric_relabel_configs: z.array(relabelRule, { error: 'must be a list' }).optional(),
  },
  {
    ignored: [
      ...SHARED_IGNORED,
      'enable_http2',
      'native_histogram_bucket_limit',
      'native_histogram_min_bucket_factor',
    ],
    later: [
      ...LATER_DISCOVERY,
      'oauth2',
      'proxy_url',
      'no_proxy',
      'proxy_from_environment',
      'proxy_connect_header',
    ],
  },
);
export type ScrapeInput = z.infer<typeof scrapeSection>;

/**
 * @param folder that paths of files are relative to
 * @param fail told, with the key, what does not fit together
 */
export function scrapeConfig(
  given: ScrapeInput,
  global: GlobalInput,
  folder: string,
  fail: (key: string, message: string) => void,
): ScrapeConfig {
  const intervalMs = given.scrape_interval ?? global.scrape_interval ?? 60_000;
  // A timeout that nobody gave never exceeds the interval.
  const timeoutMs = given.scrape_timeout ?? Math.min(global.scrape_timeout ?? 10_000, intervalMs);
  if (timeoutMs > intervalMs)
    fail(
      'scrape_timeout',
      `${formatConfigDuration(timeoutMs)} is longer than the scrape_interval of ${formatConfigDuration(intervalMs)}`,
    );
  const isText = (name: string): name is ScrapeProtocol => name !== PROTOBUF;
  const protocols = (given.scrape_protocols ?? global.scrape_protocols ?? SCRAPE_PROTOCOLS).filter(isText);
  if (protocols.length === 0)
    fail('scrape_protocols', `${PROTOBUF} is not supported yet; name a text protocol beside it`);
  const fallback = given.fallback_scrape_protocol;
  if (fallback === PROTOBUF) fail('fallback_scrape_protocol', `${PROTOBUF} is not supported yet`);
  const limit = (key: Exclude<keyof ScrapeInput & keyof GlobalInput & `${string}limit`, undefined>) =>
    given[key] ?? global[key] ?? 0;
  return {
    jobName: given.job_name,
    intervalMs,
    timeoutMs,
    protocols,
    fallbackProtocol: fallback === undefined || !isText(fallback) ? undefined : fallback,
    metricsPath: given.metrics_path ?? '/metrics',
    scheme: given.scheme ?? 'http',
    params: Object.entries(given.params ?? {}),
    honorLabels: given.honor_labels ?? false,
    honorTimestamps: given.honor_timestamps ?? true,
    trackTimestampsStaleness: given.track_timestamps_staleness ?? false,
    compression: given.enable_compression ?? true,
    extraMetrics: given.extra_scrape_metrics ?? global.extra_scrape_metrics ?? false,
    legacyNames: (given.metric_name_validation_scheme ?? global.metric_name_validation_scheme) === 'legacy',
    limits: {
      bodyBytes: limit('body_size_limit'),
      samples: limit('sample_limit'),
      labels: limit('label_limit'),
      labelNameLength: limit('label_name_length_limit'),
      labelValueLength: limit('label_value_length_limit'),
      targets: limit('target_limit'),
      keepDroppedTargets: given.keep_dropped_targets ?? global.keep_dropped_targets ?? 0,
    },
    http: httpClientConfig(given, folder, fail),
    discovery: discovery(given, folder),
    relabel: given.relabel_configs ?? [],
    metricRelabel: given.metric_relabel_configs ?? [],
  };
}
