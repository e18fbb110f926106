import { type Labels, labelsKey } from '#lib/model/labels.ts';

const BOUND = 'le';

/** Bounds as Prometheus writes them: `0.5`, `1e+06`, `+Inf`. */
const boundOf = (text: string): number => (text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text));

/**
 * Places of a group in an order in which alike ones stand together: buckets of one histogram by their bound, so that
 * each can be predicted from the one before it.
 */
export function neighbourOrder(sets: readonly Labels[]): Uint8Array {
  const keys = sets.map((labels) => {
    const bound = labels.find(([name]) => name === BOUND)?.[1];
    return {
      others: labelsKey(bound === undefined ? labels : labels.filter(([name]) => name !== BOUND)),
      bound: bound === undefined ? Number.NaN : boundOf(bound),
    };
  });
  return Uint8Array.from(keys.keys()).sort((a, b) => {
    const [one, two] = [keys[a], keys[b]];
    if (one === undefined || two === undefined) return a - b;
    if (one.others !== two.others) return one.others < two.others ? -1 : 1;
    return one.bound - two.bound || a - b;
  });
}
