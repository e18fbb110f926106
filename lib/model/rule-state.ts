import type { Labels } from './labels.ts';

/** How the last evaluation of a rule went. */
interface Evaluated {
  /** `unknown` until it was evaluated once. */
  readonly health: 'ok' | 'err' | 'unknown';
  /** Why the last evaluation failed; empty when it did not. */
  readonly lastError: string;
  /** ms since the epoch; undefined before the first. */
  readonly lastEvaluation: number | undefined;
  readonly evaluationMs: number;
}

interface Rule extends Evaluated {
  readonly name: string;
  /** PromQL, in its printed form. */
  readonly query: string;
  /** Labels that the rule adds. */
  readonly labels: Labels;
}

export interface RecordingRule extends Rule {
  readonly kind: 'recording';
}

export interface AlertingRule extends Rule {
  readonly kind: 'alerting';
  readonly state: 'inactive' | 'pending' | 'firing';
  readonly forMs: number;
  readonly keepFiringForMs: number;
  /** Templates as written. */
  readonly annotations: Labels;
  readonly alerts: readonly ActiveAlert[];
}

/** One series for which an alerting rule holds. */
export interface ActiveAlert {
  readonly labels: Labels;
  /** Templates filled in. */
  readonly annotations: Labels;
  readonly state: 'pending' | 'firing';
  /** Since when the rule holds, ms since the epoch. */
  readonly activeAt: number;
  readonly keepFiringSince: number | undefined;
  readonly value: number;
}

export interface RuleGroup {
  readonly name: string;
  /** Path of the rule file. */
  readonly file: string;
  readonly intervalMs: number;
  /** Series that a rule of the group may produce; 0 is no limit. */
  readonly limit: number;
  readonly lastEvaluation: number | undefined;
  readonly evaluationMs: number;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}
