import { type Finding, SEVERITIES } from '#lib/model/finding.ts';
import { formatValue } from './format.ts';

/** What to look at first: open before resolved, causes before what they cause, then severity, sureness, recency. */
export function rankFindings(findings: readonly Finding[]): Finding[] {
  const weight = (finding: Finding) => [
    finding.state === 'open' ? 0 : 1,
    finding.causedBy === undefined ? 0 : 1,
    SEVERITIES.indexOf(finding.severity),
    -finding.confidence,
    -finding.lastSeen,
  ];
  return findings
    .map((finding) => ({ finding, weights: weight(finding) }))
    .toSorted((a, b) => {
      const i = a.weights.findIndex((value, at) => value !== b.weights[at]);
      return i < 0 ? 0 : (a.weights[i] ?? 0) - (b.weights[i] ?? 0);
    })
    .map(({ finding }) => finding);
}

/** What a finding costs, in short phrases: `62 % of request time`, `fixing it saves 120 ms per request`. */
export function impactPhrases(impact: Finding['impact']): string[] {
  const { latencyShare, errorsShare, requestsAffected, savedMs } = impact;
  const phrases: string[] = [];
  if (latencyShare !== undefined) phrases.push(`${formatValue(latencyShare, 'ratio')} of request time`);
  if (errorsShare !== undefined) phrases.push(`${formatValue(errorsShare, 'ratio')} of requests fail`);
  if (requestsAffected !== undefined)
    phrases.push(`${formatValue(requestsAffected, 'count')} requests affected`);
  if (savedMs !== undefined) phrases.push(`fixing it saves ${formatValue(savedMs, 'ms')} per request`);
  return phrases;
}
