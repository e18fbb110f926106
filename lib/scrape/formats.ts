import type { ScrapeProtocol } from '#lib/config/scrape-config.ts';
import { ScrapeError } from './scrape-error.ts';

const MEDIA: Record<ScrapeProtocol, string> = {
  'OpenMetricsText1.0.0': 'application/openmetrics-text;version=1.0.0',
  'OpenMetricsText0.0.1': 'application/openmetrics-text;version=0.0.1',
  'PrometheusText1.0.0': 'text/plain;version=1.0.0',
  'PrometheusText0.0.4': 'text/plain;version=0.0.4',
};

/** What is wanted, with falling weight; anything rather than nothing. */
export function acceptHeader(protocols: readonly ScrapeProtocol[]): string {
  const wanted = protocols.map((protocol, i) => {
    const escaping = protocol.endsWith('1.0.0') ? ';escaping=allow-utf-8' : '';
    return `${MEDIA[protocol]}${escaping};q=0.${protocols.length + 1 - i}`;
  });
  return [...wanted, '*/*;q=0.1'].join(',');
}

export type TextFormat = 'openmetrics' | 'prometheus';

/** How to read a body. Throws a `ScrapeError` when its Content-Type is none of metrics and no fallback is configured. */
export function formatOf(contentType: string, fallback: ScrapeProtocol | undefined): TextFormat {
  const media = contentType.split(';', 1)[0]?.trim().toLowerCase();
  if (media === 'application/openmetrics-text') return 'openmetrics';
  if (media === 'text/plain') return 'prometheus';
  if (fallback !== undefined) return fallback.startsWith('OpenMetrics') ? 'openmetrics' : 'prometheus';
  const told =
    contentType === '' ? 'no Content-Type' : `Content-Type ${JSON.stringify(contentType.slice(0, 100))}`;
  throw new ScrapeError(
    `answers with ${told}, which is no format of metrics; check metrics_path, or set fallback_scrape_protocol if the body is metrics all the same`,
  );
}
