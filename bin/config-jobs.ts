/** What the configuration file sets going: scraping and rules. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import type { Runtime } from '#app/runtime.ts';
import { ConfigFile } from '#lib/config/config-file.ts';
import { type Config, loadConfig } from '#lib/config/load.ts';
import { RuleManager } from '#lib/rules/manager.ts';
import { parseRuleFile, type RuleGroupSpec } from '#lib/rules/rule-file.ts';
import { ScrapeManager } from '#lib/scrape/manager.ts';
import { ScrapeMetrics } from '#lib/scrape/scrape-metrics.ts';

/** Groups of all rule files. @throws ConfigError */
function ruleGroups(config: Config): RuleGroupSpec[] {
  return config.ruleFiles.flatMap((file) =>
    parseRuleFile(readFileSync(file, 'utf8'), file, {
      intervalMs: config.evaluationIntervalMs,
      queryOffsetMs: config.ruleQueryOffsetMs,
    }),
  );
}

/** Reads the configuration and everything it names, only to see whether it is good. @throws ConfigError */
export function checkConfig(file: string): void {
  ruleGroups(loadConfig(file));
}

/** Scrapes and evaluates as the configuration says, and follows its changes. */
export function startConfigJobs(runtime: Runtime, file: string): () => Promise<void> {
  const { store, log, self, version } = runtime;
  const scraping = new ScrapeManager({
    append: (batch) => store.appendMetrics(batch),
    log,
    metrics: new ScrapeMetrics(self.registry, () => scraping.targets().active),
    userAgent: `Chokepoint/${version}`,
    onStored: (accepted, refused) => self.ingested('metrics', accepted, refused),
  });
  const rules = new RuleManager({
    source: store.metrics,
    append: (batch) => store.appendMetrics(batch),
    log,
    now: Date.now,
  });
  const config = new ConfigFile(file, {
    log,
    prepare: (next) => {
      const groups = ruleGroups(next);
      return async () => {
        scraping.apply(next.scrapeConfigs);
        await rules.load(groups);
      };
    },
  });
  config.watch();
  runtime.targets = () => scraping.targets();
  runtime.rules = () => rules.state();
  runtime.backfillRules = (range, group) => rules.backfill(range, group);
  runtime.configYaml = () => config.config().yaml;
  runtime.configStatus = () => config.status();
  runtime.reloadConfig = () => config.reload();
  const onHangup = () => {
    // Told in the log and on the targets page.
    config.reload().catch(() => undefined);
  };
  process.on('SIGHUP', onHangup);
  return async () => {
    process.off('SIGHUP', onHangup);
    config.stop();
    await Promise.all([scraping.stop(), rules.stop()]);
  };
}
