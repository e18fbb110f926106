import { canceledFault } from '../promql/fault.ts';

interface Flight<T> {
  readonly answer: Promise<T>;
  readonly controller: AbortController;
  passengers: number;
  landed: boolean;
}

/** Runs what several clients ask for at the same time once. It is aborted when the last of them has gone. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Throws Fault `canceled` when `signal` aborts first. */
  async run(
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw canceled();
    const flight = this.#flights.get(key) ?? this.#begin(key, start);
    flight.passengers++;
    let leave: (() => void) | undefined;
    try {
      if (!signal) return await flight.answer;
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(canceled());
        signal.addEventListener('abort', leave, { once: true });
      });
      return await Promise.race([flight.answer, left]);
    } finally {
      if (leave) signal?.removeEventListener('abort', leave);
      if (--flight.passengers === 0 && !flight.landed) {
        // Whoever asks from now on must not board a flight that is being aborted.
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
        flight.controller.abort();
      }
    }
  }

  #begin(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight: Flight<T> = { answer: start(controller.signal), controller, passengers: 0, landed: false };
    this.#flights.set(key, flight);
    const landed = (): void => {
      flight.landed = true;
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.answer.then(landed, landed);
    return flight;
  }
}

function canceled(): Error {
  return canceledFault('query was canceled: the client has gone');
}
