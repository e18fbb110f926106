/** Part of a body that was not taken; the rest was. */
export interface Rejection {
  /** kebab-case */
  readonly reason: string;
  /** Names the first few items and what was wrong with them, for a person. */
  readonly message: string;
  /** items: samples, spans */
  readonly count: number;
}

const SHOWN = 3;

/** One `Rejection` per reason, however many items a hostile body holds. */
export class Rejections {
  readonly #byReason = new Map<string, { count: number; messages: string[] }>();

  add(reason: string, message: string, count = 1): void {
    const known = this.#byReason.get(reason);
    if (known === undefined) {
      this.#byReason.set(reason, { count, messages: [message] });
      return;
    }
    known.count += count;
    if (known.messages.length < SHOWN && !known.messages.includes(message)) known.messages.push(message);
  }

  list(): Rejection[] {
    return [...this.#byReason].map(([reason, { count, messages }]) => ({
      reason,
      message: messages.join('; '),
      count,
    }));
  }
}

/** Outside text for a message: quoted, cut, without control characters. */
export function quote(text: string, longest = 120): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
