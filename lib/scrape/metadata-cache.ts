import { LineProblem } from '#lib/ingest/prometheus-text/problem.ts';
import { unescapeText } from '#lib/ingest/prometheus-text/series.ts';
import { METRIC_TYPES, type MetricMetadata, type MetricType } from '#lib/model/metrics.ts';

interface Entry {
  type: MetricType;
  help: string;
  unit: string;
  /** OpenMetrics names the family, not its samples. */
  isFamily: boolean;
  isChanged: boolean;
}

const COMMENT = /^#[ \t]+(HELP|TYPE|UNIT)[ \t]+("(?:[^"\\]|\\.)*"|[^ \t]+)(?:[ \t]+(.*))?$/s;
/** More than any target has; beyond it a target that makes names up would fill the memory. */
const MAX_NAMES = 50_000;
const MAX_TEXT = 4096;

/** What a target says of its metrics. Only what changed goes to the store again. */
export class MetadataCache {
  readonly #byName = new Map<string, Entry>();
  #changed: string[] = [];

  /** A line that begins with `#`. Comments that are no metadata are passed over. */
  comment(line: string, isOpenMetrics: boolean): void {
    const [, keyword, quoted = '', text = ''] = COMMENT.exec(line) ?? [];
    if (keyword === undefined) return;
    const name = quoted.startsWith('"') ? unescapeText(quoted.slice(1, -1)) : quoted;
    if (keyword === 'TYPE') {
      const type = typeNamed(text.trim());
      this.#set(name, isOpenMetrics, 'type', type);
    } else if (keyword === 'HELP')
      this.#set(name, isOpenMetrics, 'help', unescapeText(text).slice(0, MAX_TEXT));
    else if (isOpenMetrics) this.#set(name, true, 'unit', text.slice(0, MAX_TEXT));
  }

  #set<K extends 'type' | 'help' | 'unit'>(name: string, isFamily: boolean, key: K, value: Entry[K]): void {
    let entry = this.#byName.get(name);
    if (entry === undefined) {
      if (this.#byName.size >= MAX_NAMES) return;
      entry = { type: 'unknown', help: '', unit: '', isFamily, isChanged: false };
      // Pieces of the body would keep the whole body in memory.
      this.#byName.set(copied(name), entry);
    }
    if (entry[key] === value) return;
    entry[key] = (key === 'type' ? value : copied(value)) as Entry[K];
    if (!entry.isChanged) this.#changed.push(name);
    entry.isChanged = true;
  }

  list(): MetricMetadata[] {
    return [...this.#byName].map(([name, entry]) => described(name, entry));
  }

  /** What the last scrape said anew. */
  takeChanged(): MetricMetadata[] {
    const changed = this.#changed.flatMap((name) => {
      const entry = this.#byName.get(name);
      if (entry === undefined) return [];
      entry.isChanged = false;
      return [described(name, entry)];
    });
    this.#changed = [];
    return changed;
  }
}

const copied = (text: string): string => Buffer.from(text).toString();

/** Under the name of the samples: `requests_total`, `build_info`. */
function described(name: string, { type, help, unit, isFamily }: Entry): MetricMetadata {
  const suffix = !isFamily ? '' : type === 'counter' ? '_total' : type === 'info' ? '_info' : '';
  return { name: name.endsWith(suffix) ? name : name + suffix, type, help, unit };
}

function typeNamed(text: string): MetricType {
  if (text === 'untyped') return 'unknown';
  const type = METRIC_TYPES.find((one) => one === text);
  if (type === undefined) throw new LineProblem(`'${text.slice(0, 40)}' is not a metric type`);
  return type;
}
