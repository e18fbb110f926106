/**
 * Names of OpenTelemetry metrics and attributes as Prometheus writes them (OpenTelemetry specification,
 * "Prometheus and OpenMetrics Compatibility": metric metadata, unit suffixes, attribute names).
 */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['%', 'percent'],
  ['1', ''],
]);
const PER_UNITS: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
]);

/**
 * How names are brought over, by Prometheus' own words for it: whether characters that old Prometheus does not know
 * become underscores, and whether unit and type are told by suffixes.
 */
export const TRANSLATIONS = [
  'UnderscoreEscapingWithSuffixes',
  'UnderscoreEscapingWithoutSuffixes',
  'NoUTF8EscapingWithSuffixes',
  'NoTranslation',
] as const;
export type Translation = (typeof TRANSLATIONS)[number];

const escapes = (translation: Translation): boolean => translation.startsWith('UnderscoreEscaping');
const addsSuffixes = (translation: Translation): boolean => translation.endsWith('WithSuffixes');

const words = (text: string): string[] => text.split(/[^a-zA-Z0-9:]+/).filter((word) => word !== '');

/** `By/s` → `bytes` and `per_second`; `{packets}` and `1` → nothing. */
function unitParts(unit: string): { main: string; per: string } {
  const slash = unit.indexOf('/');
  const parts = slash < 0 ? [unit, ''] : [unit.slice(0, slash), unit.slice(slash + 1)];
  const [amount = '', each = ''] = parts.map((part) => (/[{}]/.test(part) ? '' : part.trim()));
  const per = PER_UNITS.get(each) ?? each;
  return { main: UNITS.get(amount) ?? amount, per: per === '' ? '' : `per_${per}` };
}

const plainUnit = (unit: string): string =>
  unit
    .replace(/[^a-zA-Z0-9:]+/g, '_')
    .replace(/^_/, '')
    .replace(/_$/, '');

/** `By` → `bytes`, `m/s` → `meters_per_second`, `{packets}` and `1` → `''`. */
export function unitName(unit: string): string {
  const { main, per } = unitParts(unit);
  return [plainUnit(main), per === '' ? '' : plainUnit(per)].filter((part) => part !== '').join('_');
}

export interface MetricShape {
  readonly name: string;
  readonly unit: string;
  /** a monotonic sum: `_total` */
  readonly isCounter: boolean;
  /** a gauge of unit `1` is a ratio */
  readonly isGauge: boolean;
}

/** `''` where nothing of the name is left. */
export function metricName(metric: MetricShape, translation: Translation = TRANSLATIONS[0]): string {
  if (!escapes(translation)) return addsSuffixes(translation) ? suffixed(metric) : metric.name;
  const parts = addsSuffixes(translation)
    ? suffixedWords(metric)
    : metric.name.split(/[^a-zA-Z0-9:_]+/).filter((word) => word !== '');
  const joined = parts.join('_');
  if (/^_*$/.test(joined)) return '';
  return /^\d/.test(joined) ? `_${joined}` : joined;
}

function suffixedWords({ name, unit, isCounter, isGauge }: MetricShape): string[] {
  const parts = words(name);
  const { main, per } = unitParts(unit);
  const last = (word: string): string[] => [...parts.filter((part) => part !== word), word];
  for (const part of [plainUnit(main), plainUnit(per)])
    if (part !== '' && part !== 'per' && !parts.includes(part)) parts.push(part);
  if (isCounter) return last('total');
  return isGauge && unit === '1' ? last('ratio') : parts;
}

/** The name as it is, with the suffixes that it does not have yet. */
function suffixed({ name, unit, isCounter, isGauge }: MetricShape): string {
  const { main, per } = unitParts(unit);
  const type = isCounter ? '_total' : isGauge && unit === '1' ? '_ratio' : '';
  let bare = name;
  const without = (suffix: string): void => {
    if (suffix !== '' && bare.endsWith(suffix) && bare.length > suffix.length)
      bare = bare.slice(0, -suffix.length);
  };
  without(type);
  without(per === '' ? '' : `_${per}`);
  const unitSuffix = main === '' || bare.endsWith(main) ? '' : `_${main}`;
  return `${bare}${unitSuffix}${per === '' ? '' : `_${per}`}${type}`;
}

/** Label of an attribute: one that begins like no label does gets `key` in front, as Prometheus does it. */
export function labelName(key: string, translation: Translation = TRANSLATIONS[0]): string {
  if (!escapes(translation)) return key;
  const name = key.replace(/[^a-zA-Z0-9_]/g, '_');
  if (/^\d/.test(name)) return `key_${name}`;
  return name.startsWith('_') && !name.startsWith('__') ? `key${name}` : name;
}
