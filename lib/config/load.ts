import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Labels } from '#lib/model/labels.ts';
import { checkYaml } from './check.ts';
import { textList } from './fields.ts';
import { ConfigError, type ConfigProblem } from './problem.ts';
import {
  type GlobalInput,
  globalSection,
  type ScrapeConfig,
  type ScrapeInput,
  scrapeConfig,
  scrapeSection,
} from './scrape-config.ts';
import { section } from './section.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

export interface Config {
  /** absolute */
  readonly path: string;
  readonly scrapeConfigs: readonly ScrapeConfig[];
  /** Absolute paths of the rule files that exist now. */
  readonly ruleFiles: readonly string[];
  readonly evaluationIntervalMs: number;
  readonly ruleQueryOffsetMs: number;
  /** Of alerts that leave; as in Prometheus, what is stored here does not carry them. */
  readonly externalLabels: Labels;
  /** The main file with its secrets masked. */
  readonly yaml: string;
  /** All files that were read, so that a change of one can be seen. */
  readonly files: readonly string[];
  /** Of all that was read. */
  readonly fingerprint: string;
}

const MAX_BYTES = 16 * 1024 * 1024;

const scrapeList = z.array(scrapeSection, { error: 'must be a list' }).optional();
/** Prometheus' own example names no Alertmanager; one that is named would wait for alerts in vain. */
const alerting = z.unknown().refine((value) => !namesTargets(value), {
  error: "'alerting' is not supported yet; remove it, or leave its list of targets empty",
});

function namesTargets(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) =>
    key === 'targets'
      ? Array.isArray(inner) && inner.length > 0
      : /_sd_configs$/.test(key) || namesTargets(inner),
  );
}

const mainFile = section(
  {
    global: globalSection.optional(),
    scrape_configs: scrapeList,
    scrape_config_files: textList.optional(),
    rule_files: textList.optional(),
    alerting: alerting.optional(),
  },
  {
    ignored: ['runtime', 'storage', 'otlp'],
    later: ['remote_write', 'remote_read', 'tracing', 'log_files', 'collectors', 'notifications'],
  },
);
const scrapeFile = section({ scrape_configs: scrapeList });

/** Reads a file of the configuration. @throws ConfigError */
export function readConfigFile(file: string): string {
  try {
    if (statSync(file).size > MAX_BYTES) throw new Error(`larger than ${MAX_BYTES / 1024 / 1024} MB`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why: Record<string, string> = {
      ENOENT: 'there is no such file',
      EACCES: 'this user may not read it',
      EISDIR: 'it is a folder',
    };
    throw new ConfigError([
      { file, line: undefined, message: `cannot be read: ${why[code ?? ''] ?? message}` },
    ]);
  }
}

/** Files that a list of globs names, in order; a name without wildcard must exist. */
function matching(patterns: readonly string[], folder: string): string[] {
  return patterns.flatMap((pattern) => {
    const absolute = path.resolve(folder, pattern);
    return /[*?[{]/.test(pattern) ? globSync(absolute).sort() : [absolute];
  });
}

/** Reads and checks the configuration with the files it names. @throws ConfigError */
export function loadConfig(file: string): Config {
  const main = path.resolve(file);
  const folder = path.dirname(main);
  const hash = createHash('sha256');
  const files: string[] = [];
  const open = (name: string): YamlSource => {
    const text = readConfigFile(name);
    hash.update(`${name}\0${text}\0`);
    files.push(name);
    return parseYaml(text, name);
  };
  const source = open(main);
  const raw = checkYaml(mainFile, source.value ?? {}, { source, file: main });
  const global = raw.global ?? {};
  const jobs = new Jobs(global, folder);
  jobs.add(raw.scrape_configs ?? [], { source, file: main });
  for (const name of matching(raw.scrape_config_files ?? [], folder)) {
    const part = open(name);
    const { scrape_configs = [] } = checkYaml(scrapeFile, part.value ?? {}, { source: part, file: name });
    jobs.add(scrape_configs, { source: part, file: name });
  }
  if (jobs.problems.length > 0) throw new ConfigError(jobs.problems);
  const ruleFiles = matching(raw.rule_files ?? [], folder);
  for (const name of ruleFiles) {
    hash.update(`${name}\0${readConfigFile(name)}\0`);
    files.push(name);
  }
  return {
    path: main,
    scrapeConfigs: jobs.configs,
    ruleFiles,
    evaluationIntervalMs: global.evaluation_interval ?? 60_000,
    ruleQueryOffsetMs: global.rule_query_offset ?? 0,
    externalLabels: global.external_labels ?? [],
    yaml: source.masked(),
    files,
    fingerprint: hash.digest('hex'),
  };
}

class Jobs {
  readonly #global: GlobalInput;
  readonly #folder: string;
  readonly #names = new Set<string>();
  readonly configs: ScrapeConfig[] = [];
  readonly problems: ConfigProblem[] = [];

  constructor(global: GlobalInput, folder: string) {
    this.#global = global;
    this.#folder = folder;
  }

  add(inputs: readonly ScrapeInput[], { source, file }: { source: YamlSource; file: string }): void {
    for (const [index, input] of inputs.entries()) {
      const fail = (key: string, message: string) =>
        this.problems.push({
          file,
          line: source.lineOf(['scrape_configs', index, key]),
          message: `scrape_configs[${index}].${key} (job '${input.job_name}'): ${message}`,
        });
      if (this.#names.has(input.job_name)) fail('job_name', 'another scrape config has the same job_name');
      this.#names.add(input.job_name);
      this.configs.push(scrapeConfig(input, this.#global, this.#folder, fail));
    }
  }
}
