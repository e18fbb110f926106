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

const words = (text: string): string[] => text.split(/[^a-zA-Z0-9:]+/).filter((word) => word !== '');

/** `By` → `bytes`, `m/s` → `meters_per_second`, `{packets}` and `1` → `''`. */
export function unitName(unit: string): string {
  const [amount = '', per = ''] = unit.split('/', 2).map((part) => (part.includes('{') ? '' : part.trim()));
  const first = words(UNITS.get(amount) ?? amount);
  const second = words(PER_UNITS.get(per) ?? per);
  return [...first, ...(second.length > 0 ? ['per', ...second] : [])].join('_');
}

/**
 * @param isCounter a monotonic sum: `_total`
 * @param isGauge a gauge of unit `1` is a ratio
 */
export function metricName(
  name: string,
  unit: string,
  { isCounter, isGauge }: { isCounter: boolean; isGauge: boolean },
): string {
  let parts = words(name);
  const suffix = unitName(unit)
    .split('_')
    .filter((word) => word !== '');
  if (suffix.some((word) => !parts.includes(word)))
    parts.push(...suffix.filter((word) => !parts.includes(word)));
  if (isCounter) parts = [...parts.filter((word) => word !== 'total'), 'total'];
  else if (isGauge && unit === '1') parts = [...parts.filter((word) => word !== 'ratio'), 'ratio'];
  const joined = parts.join('_');
  return /^\d/.test(joined) ? `_${joined}` : joined;
}

export function labelName(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^\d/.test(name) ? `key_${name}` : name;
}
