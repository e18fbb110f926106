import type { Finding } from '#lib/model/finding.ts';
import { DETECTORS } from './registry.ts';
import type { Detected } from './run.ts';
import { identityOfFinding, toFinding } from './to-finding.ts';

/** A finding opens when it showed in this many of the last runs, and resolves when it showed in none of them. */
const OPEN_AFTER = 2;
const OF_RUNS = 3;

export interface Reconciled {
  /** Findings that are open after this run. */
  readonly kept: readonly Finding[];
  /** Those of them, and of the resolved, that differ from what is stored. */
  readonly changed: readonly Finding[];
}

/** Turns runs that may flap into findings that do not: remembers the last runs of every problem. */
export class Reconciler {
  private readonly history = new Map<string, boolean[]>();

  step(detected: readonly Detected[], open: readonly Finding[], at: number): Reconciled {
    const now = new Map(detected.map((d) => [d.identity, d]));
    const stored = new Map<string, Finding>();
    for (const finding of open) {
      const detector = DETECTORS.find((d) => d.id === finding.detector);
      if (detector) stored.set(identityOfFinding(finding, detector.identity), finding);
    }
    for (const identity of new Set([...this.history.keys(), ...now.keys(), ...stored.keys()])) {
      const runs = this.history.get(identity) ?? (stored.has(identity) ? [true] : []);
      runs.push(now.has(identity));
      if (runs.length > OF_RUNS) runs.shift();
      if (runs.includes(true) || stored.has(identity)) this.history.set(identity, runs);
      else this.history.delete(identity);
    }
    const kept: Finding[] = [];
    const changed: Finding[] = [];
    for (const [identity, runs] of this.history) {
      const before = stored.get(identity);
      const seen = now.get(identity);
      if (seen && (before || runs.filter(Boolean).length >= OPEN_AFTER)) {
        const finding = toFinding(seen, at, before);
        kept.push(finding);
        changed.push(finding);
      } else if (before && runs.includes(true)) {
        kept.push(before);
      } else if (before && runs.length >= OF_RUNS) {
        changed.push({ ...before, state: 'resolved' });
        this.history.delete(identity);
      } else if (before) {
        kept.push(before);
      }
    }
    return { kept, changed };
  }
}
