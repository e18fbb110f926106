const BRAND = Symbol.for('chokepoint.fault');

/**
 * An error meant for the person or client at the other end: what happened, where, and what to do.
 * Recognised by a brand, not by class: the server and the bundled routes each load this file.
 */
export class Fault extends Error {
  readonly [BRAND] = true;
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param status HTTP status
   * @param code kebab-case, stable
   */
  constructor(
    status: number,
    code: string,
    message: string,
    extra: { details?: unknown; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, { cause: extra.cause });
    this.name = 'Fault';
    this.status = status;
    this.code = code;
    this.details = extra.details;
    this.headers = extra.headers ?? {};
  }
}

export function isFault(error: unknown): error is Fault {
  return typeof error === 'object' && error !== null && BRAND in error;
}
