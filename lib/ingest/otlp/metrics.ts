import type { Exemplar } from '#lib/model/exemplar.ts';
import type { Label } from '#lib/model/labels.ts';
import { METRIC_NAME } from '#lib/model/labels.ts';
import type { MetricBatch, MetricMetadata, MetricType, SeriesRef } from '#lib/model/metrics.ts';
import type { Attributes } from '#lib/model/span.ts';
import { attributeText } from '#lib/model/span.ts';
import { EXEMPLAR_CHARACTERS, exemplarCharacters, exemplarOf } from '../exemplars.ts';
import { labelProblem } from '../label-limits.ts';
import type { Rejection } from '../rejection.ts';
import { quote, Rejections } from '../rejection.ts';
import { SampleColumns } from '../sample-columns.ts';
import { Cumulative } from './cumulative.ts';
import { labelsOf } from './labels.ts';
import type { Translation } from './metric-names.ts';
import { metricName, unitName } from './metric-names.ts';
import type { ExemplarParts, MetricKind, MetricParts, MetricTaker, PointParts } from './metric-parts.ts';
import { DELTA, emptyExponential } from './metric-parts.ts';
import { readMetricsJson } from './metrics-json.ts';
import { readMetrics } from './metrics-protobuf.ts';
import { pointProblem } from './point-rules.ts';
import { isEnded, SeriesWriter } from './series-writer.ts';
import type { OtlpEncoding } from './traces.ts';

/** Series remembered from body to body; beyond it they are learnt anew. */
const MAX_KNOWN = 1 << 18;
const IDENTITY: ReadonlySet<string> = new Set(['service.name', 'service.namespace', 'service.instance.id']);
const TYPES: Readonly<Record<MetricKind, MetricType>> = {
  gauge: 'gauge',
  sum: 'gauge',
  histogram: 'histogram',
  'exponential-histogram': 'histogram',
  summary: 'summary',
};

export interface DecodedMetrics {
  readonly batch: MetricBatch;
  /** `count` is in data points, and in exemplars where the reason names them. */
  readonly rejected: readonly Rejection[];
}

/**
 * Decodes OTLP metrics into Prometheus series by the rules of OpenTelemetry ("Prometheus and OpenMetrics
 * Compatibility"): names with unit and type, `job` and `instance` from the resource, its other attributes in
 * `target_info`, exponential histograms as native ones. Deltas are added up from body to body, so one decoder
 * lives as long as the server.
 */
export class OtlpMetricsDecoder {
  readonly #translation: Translation;
  readonly #known = new Map<string, SeriesRef>();
  readonly #cumulative = new Cumulative();

  constructor(translation: Translation = 'UnderscoreEscapingWithSuffixes') {
    this.#translation = translation;
  }

  /**
   * @param now ms since the epoch
   * @throws Fault 400 when the message itself is broken
   */
  decode(body: Uint8Array, encoding: OtlpEncoding, now = Date.now()): DecodedMetrics {
    if (this.#known.size > MAX_KNOWN) this.#known.clear();
    const samples = new PrometheusSamples(this.#known, this.#cumulative, this.#translation, now);
    if (encoding === 'json') readMetricsJson(body, samples);
    else readMetrics(body, samples);
    return samples.take();
  }
}

class PrometheusSamples implements MetricTaker {
  readonly #cumulative: Cumulative;
  readonly #translation: Translation;
  readonly #now: number;
  readonly #columns = new SampleColumns();
  readonly #writer: SeriesWriter;
  readonly #metadata = new Map<string, MetricMetadata>();
  readonly #rejections = new Rejections();
  #info: Label[] = [];
  #latest = 0;

  constructor(known: Map<string, SeriesRef>, cumulative: Cumulative, translation: Translation, now: number) {
    this.#cumulative = cumulative;
    this.#translation = translation;
    this.#now = now;
    this.#writer = new SeriesWriter(known, this.#columns);
  }

  resource(attributes: Attributes): void {
    this.#endResource();
    const service = attributeText(attributes, 'service.name') || 'unknown_service';
    const namespace = attributeText(attributes, 'service.namespace');
    const instance = attributeText(attributes, 'service.instance.id');
    const job: Label = ['job', namespace === '' ? service : `${namespace}/${service}`];
    this.#writer.target = instance === '' ? [job] : [job, ['instance', instance]];
    this.#info = labelsOf(
      attributes.filter(([key]) => !IDENTITY.has(key)),
      this.#translation,
    );
  }

  metric(metric: MetricParts): void {
    const { kind } = metric;
    if (kind === undefined) return;
    const isCounter = kind === 'sum' && metric.isMonotonic;
    const name = metricName({ ...metric, isCounter, isGauge: kind === 'gauge' }, this.#translation);
    const type = isCounter ? 'counter' : TYPES[kind];
    if (name !== '')
      this.#metadata.set(name, { name, type, help: metric.description, unit: unitName(metric.unit) });
    const isDelta = metric.temporality === DELTA && kind !== 'gauge' && kind !== 'summary';
    for (const point of metric.points) this.#point(name, kind, point, isDelta);
  }

  take(): DecodedMetrics {
    this.#endResource();
    return { batch: this.#columns.take([...this.#metadata.values()]), rejected: this.#rejections.list() };
  }

  #point(name: string, kind: MetricKind, point: PointParts, isDelta: boolean): void {
    const labels = labelsOf(point.attributes, this.#translation);
    const problem = labelProblem([[METRIC_NAME, name], ...labels]) ?? pointProblem(name, kind, point);
    if (problem !== undefined) {
      this.#rejections.add(problem.reason, problem.message);
      return;
    }
    this.#latest = Math.max(this.#latest, point.at);
    if (isDelta) this.#delta(name, kind, labels, point);
    else this.#write(name, kind, labels, point);
  }

  #delta(name: string, kind: MetricKind, labels: readonly Label[], point: PointParts): void {
    const { key } = this.#writer.series(kind === 'histogram' ? `${name}_count` : name, labels);
    if (isEnded(point)) {
      this.#cumulative.end(key);
      this.#write(name, kind, labels, point);
      return;
    }
    const added = this.#cumulative.add(key, kind, point, this.#now);
    if ('reason' in added) {
      this.#rejections.add(added.reason, `metric ${quote(name, 60)}: ${added.message}`);
      return;
    }
    if (added.zeroAt !== undefined) this.#write(name, kind, labels, zeroOf(added.point, added.zeroAt));
    this.#write(name, kind, labels, added.point);
  }

  #write(name: string, kind: MetricKind, labels: readonly Label[], point: PointParts): void {
    const exemplars = kind === 'gauge' || kind === 'summary' ? [] : this.#exemplars(name, point);
    if (kind === 'histogram') this.#writer.histogram(name, labels, point, exemplars);
    else if (kind === 'summary') this.#writer.summary(name, labels, point);
    else if (kind === 'exponential-histogram') {
      const problem = this.#writer.exponential(name, labels, point, exemplars);
      if (problem !== undefined)
        this.#rejections.add(problem.reason, `metric ${quote(name, 60)}: ${problem.message}`);
    } else this.#writer.number(name, labels, point, exemplars);
  }

  #exemplars(name: string, point: PointParts): Exemplar[] {
    const taken: Exemplar[] = [];
    for (const parts of point.exemplars) {
      const exemplar = exemplarOf(this.#exemplarLabels(parts), parts.value, parts.at || point.at);
      if ('reason' in exemplar)
        this.#rejections.add(exemplar.reason, `metric ${quote(name, 60)}: ${exemplar.message}`);
      else taken.push(exemplar);
    }
    return taken;
  }

  /** The attributes are left out where they do not fit beside the trace. */
  #exemplarLabels({ traceId, spanId, attributes }: ExemplarParts): Label[] {
    const trace: Label[] = [];
    if (/[^0]/.test(traceId)) trace.push(['trace_id', traceId]);
    if (/[^0]/.test(spanId)) trace.push(['span_id', spanId]);
    const own = labelsOf(attributes, this.#translation).filter(
      ([label]) => label !== 'trace_id' && label !== 'span_id',
    );
    const all = [...trace, ...own];
    return exemplarCharacters(all) > EXEMPLAR_CHARACTERS ? trace : all;
  }

  #endResource(): void {
    const labels = this.#info;
    if (this.#latest > 0 && labels.length > 0) {
      const problem = labelProblem([[METRIC_NAME, 'target_info'], ...labels]);
      if (problem === undefined) {
        this.#writer.info('target_info', labels, this.#latest);
        const help = 'Attributes of the resource that sent the metrics';
        this.#metadata.set('target_info', { name: 'target_info', type: 'info', help, unit: '' });
      } else this.#rejections.add(problem.reason, problem.message);
    }
    this.#latest = 0;
  }
}

/** The same series before anything was counted. */
function zeroOf(point: PointParts, at: number): PointParts {
  return {
    ...point,
    at,
    value: 0,
    count: 0,
    sum: point.sum === undefined ? undefined : 0,
    bucketCounts: point.bucketCounts.map(() => 0),
    exponential:
      point.exponential === undefined
        ? undefined
        : {
            ...emptyExponential(),
            scale: point.exponential.scale,
            zeroThreshold: point.exponential.zeroThreshold,
          },
    exemplars: [],
  };
}
