import type { Annotations } from '../annotations.ts';
import { forMetric } from '../annotations.ts';
import type { Position } from '../ast.ts';
import type { NanEffect } from './statistics.ts';

export type HistogramOperation = 'addition' | 'subtraction' | 'aggregation';

const NAN_EFFECTS: ReadonlyMap<NanEffect, string> = new Map([
  ['nan-result', 'input to histogram_quantile has NaN observations, result is NaN'],
  ['skewed', 'input to histogram_quantile has NaN observations, result is skewed higher'],
  ['excluded', 'input to histogram_fraction has NaN observations, which are excluded from all fractions'],
]);

/** What may be said of native histograms at one place of a query, in Prometheus' words. */
export class HistogramNotes {
  readonly #annotations: Annotations;
  readonly #position: Position;

  constructor(annotations: Annotations, position: Position) {
    this.#annotations = annotations;
    this.#position = position;
  }

  #warn(message: string): void {
    this.#annotations.warn(message, this.#position);
  }

  #info(message: string): void {
    this.#annotations.info(message, this.#position);
  }

  mixedRange(name: string): void {
    this.#warn(`encountered a mix of histograms and floats for metric name ${JSON.stringify(name)}`);
  }

  mixedAggregation(): void {
    this.#warn('encountered a mix of histograms and floats for aggregation');
  }

  ignoredInRange(name: string): void {
    this.#info(
      `ignored histograms in a range containing both floats and histograms for metric name ${JSON.stringify(name)}`,
    );
  }

  ignoredIn(aggregation: string): void {
    this.#info(`ignored histogram in ${aggregation} aggregation`);
  }

  notCounter(name: string): void {
    this.#warn(`this native histogram metric is not a counter: ${JSON.stringify(name)}`);
  }

  notGauge(name: string): void {
    this.#warn(`this native histogram metric is not a gauge: ${JSON.stringify(name)}`);
  }

  mixedSchemas(name: string): void {
    this.#warn(
      `vector contains a mix of histograms with exponential and custom buckets schemas for metric name ${JSON.stringify(name)}`,
    );
  }

  mixedClassic(name: string): void {
    this.#warn(forMetric('vector contains a mix of classic and native histograms', name));
  }

  incompatibleLayout(operator: string): void {
    this.#warn(`incompatible bucket layout encountered for binary operator ${operator}`);
  }

  incompatibleTypes(left: string, operator: string, right: string): void {
    this.#info(
      `incompatible sample types encountered for binary operator ${JSON.stringify(operator)}: ${left} ${operator} ${right}`,
    );
  }

  collision(operation: HistogramOperation): void {
    this.#warn(`conflicting counter resets during histogram ${operation}`);
  }

  reconciled(operation: HistogramOperation): void {
    this.#info(`mismatched custom buckets were reconciled during ${operation}`);
  }

  nan(effect: NanEffect, name: string): void {
    const message = NAN_EFFECTS.get(effect);
    if (message !== undefined) this.#info(forMetric(message, name));
  }
}
