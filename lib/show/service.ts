import type { ChangeEvent } from '#lib/model/event.ts';
import type { Finding } from '#lib/model/finding.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { CallRow } from './operation-row.ts';
import type { PanelModel } from './panel.ts';
import type { ServiceNumbers } from './service-row.ts';

export interface ServiceModel {
  readonly now: number;
  readonly range: TimeRange;
  readonly numbers: ServiceNumbers;
  /** Latency, throughput, errors, then what is saturated. */
  readonly panels: readonly PanelModel[];
  readonly operations: readonly CallRow[];
  readonly dependencies: readonly CallRow[];
  readonly findings: readonly Finding[];
  readonly changes: readonly ChangeEvent[];
}
