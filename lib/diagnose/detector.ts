import type { Finding, RESOURCES, Subject } from '#lib/model/finding.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Evidence } from './evidence.ts';

export type Resource = (typeof RESOURCES)[number];

/** Kinds of telemetry a detector reads; without any of it the runner says so instead of asking the detector. */
export type Need = 'spans' | 'traces' | 'statements' | 'notices' | 'signals' | 'events';

/** A finding before it has an identity and a history. */
export interface DraftFinding
  extends Pick<
    Finding,
    'title' | 'summary' | 'severity' | 'confidence' | 'subject' | 'impact' | 'evidence' | 'variables'
  > {
  /** When it began, ms since the epoch, as far as the data tells. */
  readonly onset: number;
}

export type DetectorResult =
  | { readonly kind: 'finding'; readonly draft: DraftFinding }
  /** Evidence is missing or too thin to say either way; never to be read as "fine". */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface DetectorThreshold {
  readonly value: number;
  readonly why: string;
}

export interface Detector {
  /** kebab-case; the file's name and the id that playbooks link to */
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly resource: Resource;
  /** Fields of the subject that make two findings the same problem; the others may change while it lasts. */
  readonly identity: readonly (keyof Subject)[];
  readonly needs: readonly Need[];
  readonly thresholds: Readonly<Record<string, DetectorThreshold>>;
  /** id of a file in lib/playbooks/content */
  readonly playbook: string;
  /** Pure: no I/O, no clock. `window` is the part of the evidence to judge; it may be shorter than what was gathered. */
  detect(evidence: Evidence, window: TimeRange): DetectorResult[];
}

export const found = (draft: DraftFinding): DetectorResult => ({ kind: 'finding', draft });
export const unknown = (reason: string): DetectorResult => ({ kind: 'unknown', reason });
