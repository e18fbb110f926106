import { type Labels, labelValue, METRIC_NAME } from '#lib/model/labels.ts';

const LABELS_SHOWN = 6;
const LONGEST = 60;

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** A series for a message, short enough to be read. */
export function seriesText(labels: Labels): string {
  const rest = labels.filter(([name]) => name !== METRIC_NAME);
  const shown = rest
    .slice(0, LABELS_SHOWN)
    .map(([name, value]) => `${cut(name)}=${JSON.stringify(cut(value))}`);
  if (rest.length > LABELS_SHOWN) shown.push('…');
  return `${cut(labelValue(labels, METRIC_NAME))}{${shown.join(', ')}}`;
}
