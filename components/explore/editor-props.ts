import type { QueryProblem } from '#lib/show/explore.ts';

export interface EditorProps {
  /** What it is, for screen readers: "Query A". */
  readonly label: string;
  readonly value: string;
  /** What the server said is wrong with `query`. */
  readonly problem: (QueryProblem & { readonly query: string }) | undefined;
  readonly autoFocus: boolean;
  readonly onChange: (value: string) => void;
  readonly onRun: () => void;
}
