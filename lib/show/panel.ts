/** Units a panel knows how to write; see `format.ts`. Ratios are 0…1; a count is whole, a number need not be. */
export type Unit =
  | 'ms'
  | 's'
  | 'bytes'
  | 'bytes-per-second'
  | 'ratio'
  | 'count'
  | 'number'
  | 'per-second'
  | 'rows';

export interface PanelSeries {
  readonly name: string;
  /** Identity that colour follows (a series keeps its colour when others come and go). */
  readonly key: string;
  /** Same length and order as the panel's `times`; null where there is no data: a gap, never zero. */
  readonly values: readonly (number | null)[];
}

export interface Marker {
  readonly at: number;
  readonly kind: 'deploy' | 'config' | 'incident' | 'note' | 'onset';
  readonly title: string;
  readonly link?: string;
}

export interface Threshold {
  readonly value: number;
  readonly label: string;
}

/** All that a chart needs, decided on the server: at most 25 series and 400 points each. */
export interface PanelModel {
  readonly id: string;
  readonly title: string;
  /** One line on what is drawn, for people and screen readers. */
  readonly description: string;
  readonly unit: Unit;
  readonly draw: 'line' | 'area' | 'stacked';
  readonly range: { readonly from: number; readonly to: number };
  /** ms since the epoch, evenly spaced */
  readonly times: readonly number[];
  readonly series: readonly PanelSeries[];
  /** Series there are in all; more than `series.length` when the rest was left out. */
  readonly seriesTotal: number;
  readonly markers: readonly Marker[];
  readonly thresholds: readonly Threshold[];
  /** The same as a query that a person can run elsewhere. */
  readonly promql?: string;
  /** Why there is nothing to draw and what to do about it. */
  readonly empty?: {
    readonly reason: string;
    readonly action?: { readonly label: string; readonly href: string };
  };
}
