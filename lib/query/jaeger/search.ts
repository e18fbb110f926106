import { Fault } from '#lib/model/fault.ts';
import type { Trace } from '#lib/model/span.ts';
import type { Store, TraceSearch } from '#lib/store/store.ts';

const UNIT_US: Record<string, number> = { ns: 1e-3, us: 1, µs: 1, ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9 };
const MAX_LIMIT = 1500;

/** Go duration (`1.5s`, `300ms`, `2h45m`) → µs. */
export function goDurationUs(text: string, name: string): number {
  let total = 0;
  let rest = text;
  for (;;) {
    const part = /^(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/.exec(rest);
    if (!part) break;
    total += Number(part[1]) * (UNIT_US[part[2] ?? ''] ?? 0);
    rest = rest.slice(part[0].length);
  }
  if (rest !== '' || text === '')
    throw new Fault(400, 'bad-duration', `'${name}' is not a duration: '${text}'; write 300ms, 1.5s or 2m`);
  return total;
}

function tagsOf(form: URLSearchParams): [string, string][] {
  const tags: [string, string][] = form.getAll('tag').map((pair) => {
    const colon = pair.indexOf(':');
    if (colon < 1) throw new Fault(400, 'bad-tag', `'tag' is not name:value: '${pair}'`);
    return [pair.slice(0, colon), pair.slice(colon + 1)];
  });
  const packed = form.get('tags');
  if (!packed) return tags;
  let parsed: unknown;
  try {
    parsed = JSON.parse(packed);
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Fault(
      400,
      'bad-tag',
      `'tags' is not a JSON object of names and values: '${packed.slice(0, 200)}'`,
    );
  for (const [key, value] of Object.entries(parsed)) tags.push([key, String(value)]);
  return tags;
}

function numberOf(form: URLSearchParams, name: string): number | undefined {
  const text = form.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new Fault(400, 'bad-number', `'${name}' is not a number: '${text}'`);
  return value;
}

/** Parameters of Jaeger's `/api/traces` (start and end in µs). */
export function parseSearch(
  form: URLSearchParams,
  now: number,
): TraceSearch & { readonly traceIds: readonly string[] } {
  const end = numberOf(form, 'end') ?? now * 1000;
  const lookback = form.get('lookback');
  const start =
    numberOf(form, 'start') ??
    end -
      (lookback && lookback !== 'custom'
        ? goDurationUs(
            lookback.replace(/(\d+)d$/, (_, d) => `${Number(d) * 24}h`),
            'lookback',
          )
        : 3.6e9);
  if (start > end) throw new Fault(400, 'bad-range', "'start' is after 'end'; swap them");
  const min = form.get('minDuration');
  const max = form.get('maxDuration');
  const service = form.get('service') ?? undefined;
  const operation = form.get('operation');
  const traceIds = form.getAll('traceID');
  if (!service && traceIds.length === 0)
    throw new Fault(
      400,
      'missing-service',
      "parameter 'service' is required; ask /api/services for the names",
    );
  return {
    range: { from: start / 1000, to: end / 1000 },
    ...(service ? { service } : {}),
    ...(operation && operation !== 'all' ? { operation } : {}),
    ...(min ? { minDurationUs: goDurationUs(min, 'minDuration') } : {}),
    ...(max ? { maxDurationUs: goDurationUs(max, 'maxDuration') } : {}),
    tags: tagsOf(form),
    order: 'recent',
    limit: Math.min(MAX_LIMIT, Math.max(1, numberOf(form, 'limit') ?? 20)),
    traceIds,
  };
}

/** Trace ids come with and without leading zeros; 64-bit ones are stored padded. */
export function traceIdOf(text: string): string {
  const id = text.toLowerCase();
  if (!/^[0-9a-f]{1,32}$/.test(id))
    throw new Fault(400, 'bad-trace-id', `'${text.slice(0, 80)}' is not a trace id: up to 32 hex digits`);
  return id.padStart(32, '0');
}

export async function searchTraces(store: Store, form: URLSearchParams, now: number): Promise<Trace[]> {
  const { traceIds, ...search } = parseSearch(form, now);
  if (traceIds.length === 0) return store.traces.search(search);
  const found = await Promise.all(
    traceIds.slice(0, MAX_LIMIT).map((id) => store.traces.trace(traceIdOf(id))),
  );
  return found.filter((trace) => trace !== undefined);
}
