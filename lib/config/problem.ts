/** Something wrong in a configuration file, for a person. */
export interface ConfigProblem {
  readonly file: string;
  /** Counted from 1; undefined when the file as a whole is meant. */
  readonly line: number | undefined;
  readonly message: string;
}

const SHOWN = 10;

/** A configuration that cannot be used; the message has a line for each problem. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems
      .slice(0, SHOWN)
      .map(({ file, line, message }) => `${file}${line === undefined ? '' : `:${line}`}: ${message}`);
    if (problems.length > SHOWN) lines.push(`… and ${problems.length - SHOWN} more`);
    super(lines.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
