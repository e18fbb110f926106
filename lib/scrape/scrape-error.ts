/** Why a scrape failed, in words for the targets page. */
export class ScrapeError extends Error {
  readonly isBodyTooLarge: boolean;

  constructor(message: string, isBodyTooLarge = false) {
    super(message);
    this.isBodyTooLarge = isBodyTooLarge;
  }
}
