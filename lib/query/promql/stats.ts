/** What a query cost, gathered while it ran. Times in ms. */
export interface QueryStats {
  readonly timings: {
    readonly totalMs: number;
    /** Waiting for a turn before the evaluation began, as the caller told. */
    readonly queueMs: number;
    readonly selectMs: number;
    readonly evalMs: number;
  };
  readonly samples: {
    /** Read from the store; a selector written twice is read once. */
    readonly total: number;
    /** The most samples and points held at one time. */
    readonly peak: number;
  };
  /** In the order they were read. */
  readonly selectors: readonly SelectorStats[];
}

export interface SelectorStats {
  /** As PromQL, with its range, `offset` and `@`. */
  readonly text: string;
  readonly series: number;
  readonly samples: number;
  /** Time the store took. */
  readonly ms: number;
}
