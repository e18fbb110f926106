import { Fault } from '#lib/model/fault.ts';
import type { Rejection } from '#lib/store/store.ts';

/** 204, or a 400 Fault that counts what was refused and says what was stored all the same. */
export function answerSamples(accepted: number, refused: readonly Rejection[]): Response {
  // What this version does not store yet is counted, not refused: a sender would take every batch for failed.
  const unacceptable = refused.filter((r) => r.reason !== 'not-supported-yet');
  const [first] = unacceptable;
  if (!first) return new Response(null, { status: 204 });
  const count = unacceptable.reduce((sum, r) => sum + r.count, 0);
  throw new Fault(
    400,
    first.reason,
    `${count} not stored, ${accepted} stored: ${unacceptable.map((r) => `${r.count} × ${r.message}`).join('; ')}`,
  );
}
