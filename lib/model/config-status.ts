/** How the configuration file stands. */
export interface ConfigStatus {
  readonly path: string;
  /** When the configuration in force was read, ms since the epoch. */
  readonly loadedAt: number;
  /** Why the last attempt to read it again failed; the one before stays in force. */
  readonly error: string | undefined;
  /** When that attempt was, ms since the epoch. */
  readonly failedAt: number | undefined;
}
