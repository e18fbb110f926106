import type { TargetGroup } from '#lib/config/discovery-config.ts';

/** Finds targets and goes on finding them. */
export interface Discoverer {
  /** @param onChange called whenever `groups` or `problems` has changed, from now on */
  start(onChange: () => void): void;
  stop(): void;
  groups(): readonly TargetGroup[];
  /** What is wrong just now, for a person. What was found before stays. */
  problems(): readonly string[];
}
