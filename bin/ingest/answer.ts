import type { DirectAnswer } from '#lib/http/direct.ts';
import { ownFaultAnswer } from '#lib/http/fault-response.ts';
import { Fault } from '#lib/model/fault.ts';
import type { MetricBatch } from '#lib/model/metrics.ts';
import type { AppendResult, Rejection } from '#lib/store/store.ts';

/** Told by the counters alone: a sender can do nothing about it, and would take its whole batch for failed. */
const NO_FAILURE: ReadonlySet<string> = new Set(['exemplar-limit', 'metadata-limit']);

/** Whether exemplars were refused, not samples: their reasons say so. */
export const isOfExemplars = ({ reason }: Rejection): boolean => /^(?:bad-)?exemplar/.test(reason);

/** Whether samples were refused, not what goes along with them. */
export const isOfSamples = (rejection: Rejection): boolean =>
  !isOfExemplars(rejection) && rejection.reason !== 'metadata-limit';

/** 204, or a 400 that counts what was refused and says what was stored all the same. */
export function answerSamples(
  accepted: number,
  refused: readonly Rejection[],
  headers: Readonly<Record<string, string>> = {},
): DirectAnswer {
  const unacceptable = refused.filter((r) => !NO_FAILURE.has(r.reason));
  const [first] = unacceptable;
  if (!first) return { status: 204, headers };
  const count = unacceptable.reduce((sum, r) => sum + r.count, 0);
  const reasons = unacceptable.map((r) => `${r.count} × ${r.message}`).join('; ');
  const message = `${count} not stored, ${accepted} stored: ${reasons}`;
  return ownFaultAnswer(new Fault(400, first.reason, message, { headers: { ...headers } }));
}

/** The headers that remote_write 2.0 asks for in every answer. */
export function writtenHeaders(written: Written): Record<string, string> {
  return {
    'X-Prometheus-Remote-Write-Samples-Written': String(written.samples),
    'X-Prometheus-Remote-Write-Histograms-Written': String(written.histograms),
    'X-Prometheus-Remote-Write-Exemplars-Written': String(written.exemplars),
  };
}

export interface Written {
  readonly samples: number;
  readonly histograms: number;
  readonly exemplars: number;
}

/**
 * What was stored of each kind. The store tells samples and histograms apart only together: where some of a body
 * with both were refused, samples are taken for the refused ones.
 */
export function writtenOf(batch: MetricBatch, result: AppendResult): Written {
  const lost = result.rejected.reduce((sum, r) => sum + (isOfExemplars(r) ? r.count : 0), 0);
  const histograms = Math.min(batch.histograms?.length ?? 0, result.accepted);
  return {
    samples: result.accepted - histograms,
    histograms,
    exemplars: Math.max(0, (batch.exemplars?.length ?? 0) - lost),
  };
}
