import type { Exemplar } from '#lib/model/exemplar.ts';
import type { Label } from '#lib/model/labels.ts';
import { METRIC_NAME } from '#lib/model/labels.ts';
import type { MetricBatch, MetricMetadata, MetricType } from '#lib/model/metrics.ts';
import type { Attributes } from '#lib/model/span.ts';
import { attributeText } from '#lib/model/span.ts';
import { EXEMPLAR_CHARACTERS, exemplarCharacters, exemplarOf } from '../exemplars.ts';
import { labelProblem } from '../label-limits.ts';
import type { Rejection } from '../rejection.ts';
import { quote, Rejections } from '../rejection.ts';
import { SampleColumns } from '../sample-columns.ts';
import { Cumulative } from './cumulative.ts';
import type { KnownPoint } from './known-points.ts';
import { KnownPoints } from './known-points.ts';
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
  readonly #known: KnownPoints;
  readonly #cumulative = new Cumulative();

  constructor(translation: Translation = 'UnderscoreEscapingWithSuffixes') {
    this.#translation = translation;
    this.#known = new KnownPoints(translation);
  }

  /**
   * @param now ms since the epoch
   * @throws Fault 400 when the message itself is broken
   */
  decode(body: Uint8Array, encoding: OtlpEncoding, now = Date.now()): DecodedMetrics {
    this.#known.trim();
    const samples = new PrometheusSamples(this.#known, this.#cumulative, this.#translation, now);
    if (encoding === 'json') readMetricsJson(body, samples);
    else readMetrics(body, samples);
    return samples.take();
  }
}

class PrometheusSamples implements MetricTaker {
  readonly #known: KnownPoints;
  readonly #cumulative: Cumulative;
  readonly #translation: Translation;
  readonly #now: number;
  readonly #columns = new SampleColumns();
  readonly #writer = new SeriesWriter(this.#columns);
  readonly #metadata = new Map<string, MetricMetadata>();
  readonly #rejections = new Rejections();
  #target: readonly Label[] = [];
  #info: Label[] = [];
  #latest = 0;

  constructor(known: KnownPoints, cumulative: Cumulative, translation: Translation, now: number) {
    this.#known = known;
    this.#cumulative = cumulative;
    this.#translation = translation;
    this.#now = now;
  }

  resource(attributes: Attributes): void {
    this.#endResource();
    const service = attributeText(attributes, 'service.name') || 'unknown_service';
    const namespace = attributeText(attributes, 'service.namespace');
    const instance = attributeText(attributes, 'service.instance.id');
    const job: Label = ['job', namespace === '' ? service : `${namespace}/${service}`];
    this.#target = instance === '' ? [job] : [job, ['instance', instance]];
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
    const known = this.#known.point(name, point.attributes, this.#target, (labels) =>
      labelProblem([[METRIC_NAME, name], ...labels]),
    );
    const problem = 'reason' in known ? known : pointProblem(name, kind, point);
    if ('reason' in known || problem !== undefined) {
      if (problem !== undefined) this.#rejections.add(problem.reason, problem.message);
      return;
    }
    this.#latest = Math.max(this.#latest, point.at);
    if (isDelta) this.#delta(known, kind, point);
    else this.#write(known, kind, point);
  }

  #delta(known: KnownPoint, kind: MetricKind, point: PointParts): void {
    const { key } = known.series(kind === 'histogram' ? '_count' : '');
    if (isEnded(point)) {
      this.#cumulative.end(key);
      this.#write(known, kind, point);
      return;
    }
    const added = this.#cumulative.add(key, kind, point, this.#now);
    if ('reason' in added) {
      this.#rejections.add(added.reason, `metric ${quote(known.name, 60)}: ${added.message}`);
      return;
    }
    if (added.zeroAt !== undefined) this.#write(known, kind, zeroOf(added.point, added.zeroAt));
    this.#write(known, kind, added.point);
  }

  #write(known: KnownPoint, kind: MetricKind, point: PointParts): void {
    const exemplars = kind === 'gauge' || kind === 'summary' ? [] : this.#exemplars(known.name, point);
    if (kind === 'histogram') this.#writer.histogram(known, point, exemplars);
    else if (kind === 'summary') this.#writer.summary(known, point);
    else if (kind === 'exponential-histogram') {
      const problem = this.#writer.exponential(known, point, exemplars);
      if (problem !== undefined)
        this.#rejections.add(problem.reason, `metric ${quote(known.name, 60)}: ${problem.message}`);
    } else this.#writer.number(known, point, exemplars);
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
        this.#writer.info(this.#known.series('target_info', labels, this.#target), this.#latest);
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
