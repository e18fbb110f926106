import { say } from '../lifecycle.ts';

const KEPT_MAX = 120;

/**
 * Posts bodies in order. What the other side cannot take now (network, 5xx, 429) is kept and tried again with the
 * next one, the oldest dropped first; what it refuses for good is dropped with one line.
 */
export class Delivery {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #what: string;
  #kept: (Uint8Array | string)[] = [];
  #sending = false;
  #complained = false;

  constructor(url: string, headers: Readonly<Record<string, string>>, what: string) {
    this.#url = url;
    this.#headers = headers;
    this.#what = what;
  }

  async send(body: Uint8Array | string): Promise<void> {
    this.#kept.push(body);
    if (this.#kept.length > KEPT_MAX) this.#kept = this.#kept.slice(-KEPT_MAX);
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let first = this.#kept[0]; first !== undefined; first = this.#kept[0]) {
        if (!(await this.#post(first))) return;
        if (this.#kept[0] === first) this.#kept.shift();
      }
    } finally {
      this.#sending = false;
    }
  }

  /** @returns false when it has to be tried again */
  async #post(body: Uint8Array | string): Promise<boolean> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body: body as BodyInit,
        signal: AbortSignal.timeout(5000),
      });
      const text = await response.text();
      if (response.status >= 500 || response.status === 429) throw new Error(`status ${response.status}`);
      if (!response.ok) this.#complain(`refused (${response.status}): ${text.slice(0, 200)}`);
      else this.#complained = false;
      return true;
    } catch (error) {
      this.#complain(`not delivered yet: ${error instanceof Error ? error.message : error}`);
      return false;
    }
  }

  #complain(reason: string): void {
    if (!this.#complained) say(`${this.#what} ${reason}`);
    this.#complained = true;
  }
}
