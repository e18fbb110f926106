export interface TextSample {
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
}

export interface TextMetadata {
  readonly name: string;
  readonly type: string;
  readonly help: string;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([^ ]+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

const unquote = (text: string): string => text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c));

/** Reads what prom-client writes: Prometheus text without timestamps. Other lines are left out. */
export function readExposition(text: string): { samples: TextSample[]; metadata: TextMetadata[] } {
  const samples: TextSample[] = [];
  const help = new Map<string, string>();
  const metadata: TextMetadata[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) {
      const [, keyword, name = '', ...rest] = line.split(' ');
      if (keyword === 'HELP') help.set(name, rest.join(' '));
      if (keyword === 'TYPE') metadata.push({ name, type: rest[0] ?? 'untyped', help: help.get(name) ?? '' });
      continue;
    }
    const parts = SAMPLE.exec(line);
    if (!parts) continue;
    const [, name = '', inside = '', value = ''] = parts;
    const labels = [...inside.matchAll(LABEL)].map((m) => [m[1] ?? '', unquote(m[2] ?? '')] as const);
    samples.push({
      name,
      labels,
      value: value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : Number(value),
    });
  }
  return { samples, metadata };
}
