import type { HttpRuntime } from '#lib/http/exchange.ts';
import type { ConfigStatus } from '#lib/model/config-status.ts';
import type { RuleGroup } from '#lib/model/rule-state.ts';
import type { ScrapeTargets } from '#lib/model/scrape-target.ts';
import type { TimeRange } from '#lib/model/time-range.ts';
import type { Settings } from '#lib/platform/settings.ts';
import type { QueryRunner } from '#lib/query/runner/runner.ts';
import type { BackfillProgress } from '#lib/rules/backfill.ts';
import type { Store } from '#lib/store/store.ts';

/** The live objects of the server process. `bin/serve.ts` makes them before Next loads the first page. */
export interface Runtime extends HttpRuntime {
  readonly settings: Settings;
  readonly store: Store;
  /** PromQL over the store, within limits. */
  readonly queries: QueryRunner;
  readonly version: string;
  /** ms since the epoch */
  readonly startedAt: number;
  /** Control address of the demo shop; undefined when the demo does not run. */
  readonly demoUrl: string | undefined;
  /** Key for signing, 32 bytes, kept in the data folder. */
  readonly secret: Uint8Array;
  /** True from the moment the server was told to stop. */
  closing: boolean;
  /** What is scraped and how it goes; absent while nothing is configured to be. */
  targets?: () => ScrapeTargets;
  /** Rule groups and their last evaluation; absent while there are none. */
  rules?: () => readonly RuleGroup[];
  /** Records the past of loaded rule groups; absent while there are none. */
  backfillRules?: (range: TimeRange, group?: string) => AsyncGenerator<BackfillProgress>;
  /** The loaded configuration file as YAML, secrets masked. */
  configYaml?: () => string;
  configStatus?: () => ConfigStatus;
  /** Reads the configuration file again; rejects, and changes nothing, when it is bad. */
  reloadConfig?: () => Promise<void>;
}

const KEY = Symbol.for('chokepoint.runtime');
type Holder = { [KEY]?: Runtime };

export function setRuntime(runtime: Runtime): void {
  (globalThis as Holder)[KEY] = runtime;
}

export function runtime(): Runtime {
  const found = (globalThis as Holder)[KEY];
  if (!found)
    throw new Error(
      'the server process has not started the store; start Chokepoint with `npm start` or `npm run dev`',
    );
  return found;
}
