import { allPeers, type Peer } from '../lifecycle.ts';
import { readExposition, type TextMetadata } from './exposition.ts';
import type { WireSample } from './remote-write.ts';

const TIMEOUT_MS = 4000;

export interface Scrape {
  readonly samples: readonly WireSample[];
  readonly metadata: readonly TextMetadata[];
}

async function scrape(target: Peer): Promise<Scrape> {
  const at = Date.now();
  const own = [
    ['job', target.service],
    ['instance', target.instance],
    ['service', target.service],
  ] as const;
  const line = (name: string, value: number): WireSample => ({
    labels: [['__name__', name], ...own],
    value,
    at,
  });
  try {
    const response = await fetch(`${target.url}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { samples, metadata } = readExposition(await response.text());
    return {
      samples: [
        ...samples.map(({ name, labels, value }) => ({
          labels: [['__name__', name] as const, ...own, ...labels],
          value,
          at,
        })),
        line('up', 1),
        line('scrape_duration_seconds', (Date.now() - at) / 1000),
      ],
      metadata,
    };
  } catch {
    return { samples: [line('up', 0)], metadata: [] };
  }
}

/** Asks every observed process for its metrics, as a Prometheus with these targets would. */
export async function scrapeAll(): Promise<Scrape> {
  const scrapes = await Promise.all(
    allPeers()
      .filter((p) => p.observed)
      .map(scrape),
  );
  const metadata = new Map(scrapes.flatMap((s) => s.metadata).map((m) => [m.name, m]));
  return { samples: scrapes.flatMap((s) => s.samples), metadata: [...metadata.values()] };
}
