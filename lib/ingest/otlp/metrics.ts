import type { Label } from '#lib/model/labels.ts';
import { labelsKey, METRIC_NAME, makeLabels } from '#lib/model/labels.ts';
import type { MetricBatch, MetricMetadata, MetricType, SeriesRef } from '#lib/model/metrics.ts';
import type { Attributes, AttributeValue } from '#lib/model/span.ts';
import { attributeText } from '#lib/model/span.ts';
import { labelProblem } from '../label-limits.ts';
import type { Rejection } from '../rejection.ts';
import { quote, Rejections } from '../rejection.ts';
import { SampleColumns } from '../sample-columns.ts';
import { labelName, metricName, unitName } from './metric-names.ts';
import type { MetricParts, MetricTaker, PointParts } from './metric-parts.ts';
import { DELTA, NO_RECORDED_VALUE } from './metric-parts.ts';
import { readMetricsJson } from './metrics-json.ts';
import { readMetrics } from './metrics-protobuf.ts';
import type { OtlpEncoding } from './traces.ts';

/** Series remembered from body to body; beyond it they are learnt anew. */
const MAX_KNOWN = 1 << 18;
const IDENTITY: ReadonlySet<string> = new Set(['service.name', 'service.namespace', 'service.instance.id']);

export interface DecodedMetrics {
  readonly batch: MetricBatch;
  /** `count` is in data points. */
  readonly rejected: readonly Rejection[];
}

/**
 * Decodes OTLP metrics into Prometheus series by the rules of OpenTelemetry ("Prometheus and OpenMetrics
 * Compatibility"): names with unit and type, `job` and `instance` from the resource, its other attributes in
 * `target_info`. Delta temporality and exponential histograms are rejected by name.
 */
export class OtlpMetricsDecoder {
  readonly #known = new Map<string, SeriesRef>();

  /** @throws Fault 400 when the message itself is broken */
  decode(body: Uint8Array, encoding: OtlpEncoding): DecodedMetrics {
    if (this.#known.size > MAX_KNOWN) this.#known.clear();
    const samples = new PrometheusSamples(this.#known);
    if (encoding === 'json') readMetricsJson(body, samples);
    else readMetrics(body, samples);
    return samples.take();
  }
}

class PrometheusSamples implements MetricTaker {
  readonly #known: Map<string, SeriesRef>;
  readonly #columns = new SampleColumns();
  readonly #metadata = new Map<string, MetricMetadata>();
  readonly #rejections = new Rejections();
  #target: Label[] = [];
  #info: Label[] = [];
  #latest = 0;

  constructor(known: Map<string, SeriesRef>) {
    this.#known = known;
  }

  resource(attributes: Attributes): void {
    this.#endResource();
    const service = attributeText(attributes, 'service.name') || 'unknown_service';
    const namespace = attributeText(attributes, 'service.namespace');
    this.#target = [
      ['job', namespace === '' ? service : `${namespace}/${service}`],
      ['instance', attributeText(attributes, 'service.instance.id')],
    ];
    this.#info = labelsOf(attributes.filter(([key]) => !IDENTITY.has(key)));
  }

  metric(metric: MetricParts): void {
    const { kind, points } = metric;
    const reject = (reason: string, what: string): void => {
      this.#rejections.add(reason, `metric ${quote(metric.name, 60)}: ${what}`, points.length);
    };
    if (kind === undefined) return;
    if (kind === 'exponential-histogram') {
      reject('not-supported-yet', 'exponential histograms are not stored yet; use explicit buckets');
      return;
    }
    if (metric.temporality === DELTA && kind !== 'gauge' && kind !== 'summary') {
      reject(
        'delta-temporality',
        'delta temporality is not taken; set OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative at the sender',
      );
      return;
    }
    const isCounter = kind === 'sum' && metric.isMonotonic;
    const isGauge = kind === 'gauge';
    const name = metricName(metric.name, metric.unit, { isCounter, isGauge });
    const type: MetricType = isCounter ? 'counter' : kind === 'sum' ? 'gauge' : kind;
    this.#metadata.set(name, { name, type, help: metric.description, unit: unitName(metric.unit) });
    for (const point of points) this.#point(name, kind, point);
  }

  take(): DecodedMetrics {
    this.#endResource();
    return { batch: this.#columns.take([...this.#metadata.values()]), rejected: this.#rejections.list() };
  }

  #point(name: string, kind: MetricParts['kind'], point: PointParts): void {
    if (!(point.at > 0)) {
      this.#rejections.add('no-timestamp', `metric ${quote(name, 60)}: a data point without a time`);
      return;
    }
    const labels = labelsOf(point.attributes);
    const problem = labelProblem([[METRIC_NAME, name], ...labels]);
    if (problem !== undefined) {
      this.#rejections.add(problem.reason, problem.message);
      return;
    }
    if (
      kind === 'histogram' &&
      point.bucketCounts.length > 0 &&
      point.bucketCounts.length !== point.bounds.length + 1
    ) {
      this.#rejections.add(
        'bad-histogram',
        `metric ${quote(name, 60)}: ${point.bucketCounts.length} buckets do not fit ${point.bounds.length} bounds`,
      );
      return;
    }
    this.#latest = Math.max(this.#latest, point.at);
    if (kind === 'histogram') this.#histogram(name, labels, point);
    else if (kind === 'summary') this.#summary(name, labels, point);
    else this.#sample(name, labels, point, point.value);
  }

  #histogram(name: string, labels: readonly Label[], point: PointParts): void {
    let below = 0;
    for (const [i, bound] of point.bounds.entries()) {
      below += point.bucketCounts[i] ?? 0;
      this.#sample(`${name}_bucket`, [...labels, ['le', String(bound)]], point, below);
    }
    this.#sample(`${name}_bucket`, [...labels, ['le', '+Inf']], point, point.count);
    this.#sample(`${name}_count`, labels, point, point.count);
    if (point.sum !== undefined) this.#sample(`${name}_sum`, labels, point, point.sum);
  }

  #summary(name: string, labels: readonly Label[], point: PointParts): void {
    for (const { quantile, value } of point.quantiles)
      this.#sample(name, [...labels, ['quantile', String(quantile)]], point, value);
    this.#sample(`${name}_count`, labels, point, point.count);
    this.#sample(`${name}_sum`, labels, point, point.sum ?? 0);
  }

  #sample(name: string, labels: readonly Label[], point: PointParts, value: number): void {
    this.#columns.begin(this.#series(name, labels));
    if ((point.flags & NO_RECORDED_VALUE) !== 0) this.#columns.pushStale(point.at);
    else this.#columns.push(point.at, value);
  }

  #series(name: string, labels: readonly Label[]): SeriesRef {
    const all = makeLabels([...labels, ...this.#target, [METRIC_NAME, name]]);
    const key = labelsKey(all);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const series = { labels: all, key, handle: -1 };
    this.#known.set(key, series);
    return series;
  }

  #endResource(): void {
    const labels = this.#info;
    if (this.#latest > 0 && labels.length > 0) {
      const problem = labelProblem([[METRIC_NAME, 'target_info'], ...labels]);
      if (problem === undefined) {
        this.#columns.begin(this.#series('target_info', labels));
        this.#columns.push(this.#latest, 1);
        const help = 'Attributes of the resource that sent the metrics';
        this.#metadata.set('target_info', { name: 'target_info', type: 'info', help, unit: '' });
      } else this.#rejections.add(problem.reason, problem.message);
    }
    this.#latest = 0;
  }
}

/** Attributes whose names become the same label are joined with `;`, in the order of their keys. */
function labelsOf(attributes: Attributes): Label[] {
  const byName = new Map<string, string>();
  for (const [key, value] of [...attributes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = labelName(key);
    const before = byName.get(name);
    byName.set(name, before === undefined ? textOf(value) : `${before};${textOf(value)}`);
  }
  return [...byName];
}

function textOf(value: AttributeValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(plain(value)) : String(value);
}

function plain(value: AttributeValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('kvlist' in value) return Object.fromEntries(value.kvlist.map(([key, item]) => [key, plain(item)]));
  return value.map(plain);
}
