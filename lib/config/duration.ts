const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const UNITS: readonly (readonly [name: string, ms: number, isExact: boolean])[] = [
  ['y', 31_536_000_000, true],
  ['w', 604_800_000, true],
  ['d', 86_400_000, true],
  ['h', 3_600_000, false],
  ['m', 60_000, false],
  ['s', 1000, false],
  ['ms', 1, false],
];

/** A duration as Prometheus' configuration writes it: `1h30m`, units from large to small. Undefined when it is none. */
export function parseConfigDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const parts = DURATION.exec(text);
  if (parts === null || text === '') return undefined;
  return UNITS.reduce((ms, [, size], i) => ms + size * Number(parts[i + 1] ?? 0), 0);
}

/** ms → `15s`, `1m30s`, as Prometheus prints it: years, weeks and days only where nothing is left over. */
export function formatConfigDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = ms;
  let text = '';
  for (const [name, size, isExact] of UNITS) {
    if (isExact && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${name}`;
    rest -= count * size;
  }
  return text;
}
