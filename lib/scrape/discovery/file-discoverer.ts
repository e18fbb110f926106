import { type FSWatcher, globSync, watch } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { checkYaml } from '#lib/config/check.ts';
import { type FileDiscovery, type TargetGroup, targetGroup } from '#lib/config/discovery-config.ts';
import { readConfigFile } from '#lib/config/load.ts';
import { parseYaml } from '#lib/config/yaml-source.ts';
import { makeLabels } from '#lib/model/labels.ts';
import type { Discoverer } from './discoverer.ts';

const groupList = z.array(targetGroup, { error: 'must be a list of target groups' });
/** Editors write a file in several steps. */
const SETTLE_MS = 100;

interface FileState {
  readonly groups: readonly TargetGroup[];
  readonly problem: string | undefined;
}

/** Targets from YAML or JSON files, read again when they change. A file that cannot be read keeps what it said before. */
export class FileDiscoverer implements Discoverer {
  readonly #config: FileDiscovery;
  #files = new Map<string, FileState>();
  #watchers: FSWatcher[] = [];
  #refresh: NodeJS.Timeout | undefined;
  #settle: NodeJS.Timeout | undefined;

  constructor(config: FileDiscovery) {
    this.#config = config;
    this.#read();
  }

  start(onChange: () => void): void {
    const reread = () => {
      if (this.#read()) onChange();
    };
    this.#refresh = setInterval(reread, this.#config.refreshMs);
    for (const folder of new Set(this.#config.files.map((file) => path.dirname(file)))) {
      try {
        const watcher = watch(folder, () => {
          clearTimeout(this.#settle);
          this.#settle = setTimeout(reread, SETTLE_MS);
        });
        // A folder that goes away is looked at again at the next refresh.
        watcher.on('error', () => watcher.close());
        this.#watchers.push(watcher);
      } catch {
        // Not there yet, or not to be watched: the refresh reads it.
      }
    }
  }

  stop(): void {
    clearInterval(this.#refresh);
    clearTimeout(this.#settle);
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  groups(): readonly TargetGroup[] {
    return [...this.#files.values()].flatMap(({ groups }) => groups);
  }

  problems(): readonly string[] {
    return [...this.#files.values()].flatMap(({ problem }) => problem ?? []);
  }

  /** @returns whether anything changed */
  #read(): boolean {
    const before = JSON.stringify([...this.#files]);
    const files = this.#config.files.flatMap((file) => (file.includes('*') ? globSync(file).sort() : [file]));
    this.#files = new Map(files.map((file) => [file, readGroups(file, this.#files.get(file))]));
    return JSON.stringify([...this.#files]) !== before;
  }
}

function readGroups(file: string, before: FileState | undefined): FileState {
  try {
    const source = parseYaml(readConfigFile(file), file);
    const groups = checkYaml(groupList, source.value ?? [], { source, file });
    return {
      groups: groups.map(({ targets, labels }) => ({
        targets,
        labels: makeLabels([...labels, ['__meta_filepath', file]]),
      })),
      problem: undefined,
    };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { groups: before?.groups ?? [], problem };
  }
}
