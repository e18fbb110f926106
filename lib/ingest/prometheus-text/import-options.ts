import { Fault } from '#lib/model/fault.ts';
import type { Label } from '#lib/model/labels.ts';
import { METRIC_NAME } from '#lib/model/labels.ts';
import { labelProblem } from '../label-limits.ts';
import { quote } from '../rejection.ts';
import type { ExpositionOptions } from './parse.ts';

/**
 * Parameters of an import, which are those of VictoriaMetrics: `timestamp` (ms, for samples that tell none) and
 * `extra_label=name=value`, as often as one likes. Throws Fault 400.
 */
export function importOptions(query: URLSearchParams, mediaType: string, now: number): ExpositionOptions {
  const given = query.get('timestamp');
  if (given !== null && !/^\d{1,15}$/.test(given))
    throw new Fault(
      400,
      'bad-input',
      `timestamp=${quote(given, 40)} is not a whole number of milliseconds since the epoch`,
    );
  const extraLabels = query.getAll('extra_label').map((text): Label => {
    const equals = text.indexOf('=');
    if (equals < 1)
      throw new Fault(400, 'bad-input', `extra_label=${quote(text, 60)} is not of the form name=value`);
    return [text.slice(0, equals), text.slice(equals + 1)];
  });
  const others = extraLabels.filter(([name]) => name !== METRIC_NAME);
  const problem = labelProblem([[METRIC_NAME, 'extra_label'], ...others]);
  if (problem !== undefined) throw new Fault(400, 'bad-input', problem.message);
  return {
    now: given === null ? now : Number(given),
    strict: mediaType === 'application/openmetrics-text',
    extraLabels,
  };
}

/** The text of a body. Throws Fault 400 where it is not UTF-8. */
export function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new Fault(400, 'invalid-utf8', 'the text is not valid UTF-8; nothing of this body was taken', {
      cause,
    });
  }
}
