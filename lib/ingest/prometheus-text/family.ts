import type { Label } from '#lib/model/labels.ts';
import { labelsKey } from '#lib/model/labels.ts';
import type { MetricType } from '#lib/model/metrics.ts';
import { METRIC_TYPES } from '#lib/model/metrics.ts';
import { HistogramRules } from './histogram-rules.ts';
import { parseFloatText } from './numbers.ts';
import { LineProblem } from './problem.ts';
import type { SampleLine } from './sample-line.ts';

/** Suffixes of the samples that a family of that type has; `''` is the family's own name. */
const SUFFIXES: ReadonlyMap<MetricType, readonly string[]> = new Map([
  ['counter', ['_total', '_created']],
  ['summary', ['_count', '_sum', '', '_created']],
  ['histogram', ['_count', '_sum', '_bucket', '_created']],
  ['gaugehistogram', ['_gcount', '_gsum', '_bucket']],
  ['info', ['_info']],
]);
const ITSELF: readonly string[] = [''];
const COUNTS: ReadonlySet<string> = new Set(['_count', '_gcount', '_bucket']);
const NEVER_NEGATIVE: ReadonlySet<string> = new Set(['_total', '_sum', '_count', '_bucket', '_gcount']);
const NEVER_NAN: ReadonlySet<string> = new Set([...NEVER_NEGATIVE, '_gsum']);

/** What is fixed for a series within its family: worked out once, however many samples follow. */
interface KnownSeries {
  readonly suffix: string;
  readonly group: string;
  /** `le` of a bucket */
  readonly bound: number;
}

/** One metric family of an OpenMetrics text, and the rules that its lines must keep (OpenMetrics 1.0). */
export class Family {
  readonly name: string;
  type: MetricType | undefined;
  help: string | undefined;
  unit: string | undefined;
  #suffixes = ITSELF;
  #hasSamples = false;
  readonly #known = new Map<string, KnownSeries>();
  readonly #groups = new Set<string>();
  #group: string | undefined;
  #time: number | undefined;
  #atTime = new Set<string>();
  #histogram: HistogramRules | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Names that are this family's alone. */
  names(): string[] {
    return [...new Set([...this.#suffixes, ''])].map((suffix) => this.name + suffix);
  }

  holds(sample: string): boolean {
    return this.#suffixes.some((suffix) => this.name + suffix === sample);
  }

  metadata(keyword: string, text: string): void {
    if (this.#hasSamples) throw new LineProblem(`# ${keyword} of '${this.name}' stands behind its samples`);
    if (keyword === 'HELP') {
      this.#once(keyword, this.help);
      this.help = text;
    } else if (keyword === 'UNIT') {
      this.#once(keyword, this.unit);
      this.unit = text;
    } else if (keyword === 'TYPE') {
      this.#once(keyword, this.type);
      this.type = METRIC_TYPES.find((type) => type === text);
      if (this.type === undefined) throw new LineProblem(`'${text.slice(0, 40)}' is not a metric type`);
      this.#suffixes = SUFFIXES.get(this.type) ?? ITSELF;
    } else throw new LineProblem(`'# ${keyword.slice(0, 40)}' is none of HELP, TYPE, UNIT and EOF`);
  }

  #once(keyword: string, before: unknown): void {
    if (before !== undefined) throw new LineProblem(`a second # ${keyword} for '${this.name}'`);
  }

  /**
   * Checks a sample.
   * @param labels of its series, the metric name first; `key` stands for them
   * @returns false when it repeats one at the same time, which is to be passed over
   */
  sample(line: SampleLine, labels: readonly Label[], key: string): boolean {
    this.#hasSamples = true;
    const series = this.#known.get(key) ?? this.#learn(key, labels);
    const isSameGroup = this.#group === series.group;
    if (!isSameGroup && this.#groups.has(series.group))
      throw new LineProblem('the samples of one label set do not stand together');
    if (isSameGroup) this.#checkTime(line.timestamp);
    this.#checkValue(series.suffix, line.value);
    this.#checkExemplar(series.suffix, line);
    const isSameTime = isSameGroup && this.#time === line.timestamp;
    const isRepeated = isSameTime && this.#atTime.has(key);
    if (!isSameTime) {
      this.#endGroup();
      this.#atTime = new Set();
      if (this.#isHistogram()) this.#histogram = new HistogramRules(this.name);
    }
    if (!isRepeated) this.#histogram?.add(series.suffix, series.bound, line.value);
    this.#atTime.add(key);
    this.#group = series.group;
    this.#time = line.timestamp;
    this.#groups.add(series.group);
    return !isRepeated;
  }

  /** To be called when the family is over. */
  end(): void {
    this.#endGroup();
    if (!this.unit) return;
    if (!this.name.endsWith(`_${this.unit}`))
      throw new LineProblem(`the name '${this.name}' does not end with its unit '${this.unit.slice(0, 40)}'`);
    if (this.type === 'info' || this.type === 'stateset')
      throw new LineProblem(`'${this.name}' is of type ${this.type}, which has no unit`);
  }

  #isHistogram(): boolean {
    return this.type === 'histogram' || this.type === 'gaugehistogram';
  }

  #endGroup(): void {
    this.#histogram?.end();
    this.#histogram = undefined;
  }

  #learn(key: string, labels: readonly Label[]): KnownSeries {
    const [metric, ...own] = labels;
    const suffix = (metric?.[1] ?? '').slice(this.name.length);
    const labelled = (name: string) => own.find(([label]) => label === name)?.[1];
    let dropped = '';
    let bound = Number.NaN;
    if (suffix === '_bucket' && this.#isHistogram()) {
      dropped = 'le';
      bound = this.#bound('le', labelled('le'));
      if (Number.isNaN(bound)) throw new LineProblem('le of a bucket must not be NaN');
    } else if (this.type === 'summary' && suffix === '') {
      dropped = 'quantile';
      const quantile = this.#bound('quantile', labelled('quantile'));
      if (!(quantile >= 0 && quantile <= 1)) throw new LineProblem('a quantile lies between 0 and 1');
    } else if (this.type === 'stateset') {
      dropped = this.name;
      if (labelled(this.name) === undefined)
        throw new LineProblem(`a sample of stateset '${this.name}' needs the label '${this.name}'`);
    }
    const rest = own.filter(([label]) => label !== dropped).sort(([a], [b]) => (a < b ? -1 : 1));
    const known = { suffix, group: this.type === 'info' ? '' : labelsKey(rest), bound };
    this.#known.set(key, known);
    return known;
  }

  #bound(label: string, value: string | undefined): number {
    if (value === undefined) throw new LineProblem(`a sample of '${this.name}' needs the label '${label}'`);
    const bound = parseFloatText(value, label);
    if (bound === Number.POSITIVE_INFINITY && value !== '+Inf')
      throw new LineProblem(`${label} must be written +Inf, not '${value.slice(0, 20)}'`);
    return bound;
  }

  #checkTime(timestamp: number | undefined): void {
    if ((timestamp === undefined) !== (this.#time === undefined))
      throw new LineProblem('some samples of one label set have a timestamp and some do not');
    if (this.type !== 'info' && timestamp !== undefined && timestamp < (this.#time ?? timestamp))
      throw new LineProblem('the timestamps of one label set go backwards');
  }

  #checkValue(suffix: string, value: number): void {
    const { type } = this;
    if (type === 'stateset' && value !== 0 && value !== 1)
      throw new LineProblem('the value of a stateset is 0 or 1');
    if (type === 'info' && value !== 1) throw new LineProblem('the value of an info is 1');
    if (type === 'summary' && suffix === '' && value < 0)
      throw new LineProblem('a quantile must not be negative');
    if (NEVER_NAN.has(suffix) && Number.isNaN(value)) throw new LineProblem(`${suffix} must not be NaN`);
    if (NEVER_NEGATIVE.has(suffix) && value < 0) throw new LineProblem(`${suffix} must not be negative`);
    if (COUNTS.has(suffix) && !Number.isInteger(value))
      throw new LineProblem(`${suffix} must be a whole number`);
  }

  #checkExemplar(suffix: string, line: SampleLine): void {
    if (line.exemplar === undefined) return;
    const isAllowed =
      (this.#isHistogram() && suffix === '_bucket') || (this.type === 'counter' && suffix === '_total');
    if (!isAllowed) throw new LineProblem('only counters and histogram buckets have exemplars');
  }
}
