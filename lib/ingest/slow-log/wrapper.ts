/** What container tools put before each line: docker compose's `db-1  | `, Kubernetes' `2024-…Z stderr F `. */
const WRAPPERS = [
  /^[\w.-]{1,64} {1,64}\| /,
  /^\d{4}-\d\d-\d\dT[\d:.]{8,18}Z (?:std(?:out|err) [FP] )?/,
] as const;

/** A line that a database starts itself; syslog's lines start with a time and a host instead. */
const OWN_START = /^(?:\d{4}-\d\d-\d\d |\d{10}\.|# |LOG: |\{|\/)/;

/** The wrapper of a log's first known line; undefined when it has none. */
export function wrapperOf(line: string): RegExp | undefined {
  return WRAPPERS.find((wrapper) => {
    const found = wrapper.exec(line);
    return found !== null && OWN_START.test(line.slice(found[0].length));
  });
}

export function unwrap(line: string, wrapper: RegExp | undefined): string {
  const found = wrapper?.exec(line);
  return found ? line.slice(found[0].length) : line;
}
