import type { Arrival } from './arrival.ts';

export interface ConnectModel {
  readonly now: number;
  readonly arrivals: readonly Arrival[];
  readonly series: number;
  /** Size of the store on disk. */
  readonly bytes: number;
}
