import type { Position } from './ast.ts';
import { lineColumn } from './fault.ts';
import { formatGeneral } from './format-number.ts';

const MAX_EACH = 10;

/** Warnings and infos of one evaluation, each said once, in Prometheus' words. */
export class Annotations {
  readonly #query: string;
  readonly #warnings = new Set<string>();
  readonly #infos = new Set<string>();

  constructor(query: string) {
    this.#query = query;
  }

  warn(message: string, position: Position): void {
    this.#warnings.add(`PromQL warning: ${message} (${lineColumn(this.#query, position.from)})`);
  }

  info(message: string, position: Position): void {
    this.#infos.add(`PromQL info: ${message} (${lineColumn(this.#query, position.from)})`);
  }

  quantile(q: number, position: Position): void {
    if (!(q >= 0 && q <= 1))
      this.warn(`quantile value should be between 0 and 1, got ${formatGeneral(q)}`, position);
  }

  get warnings(): string[] {
    return capped([...this.#warnings], 'warning');
  }

  get infos(): string[] {
    return capped([...this.#infos], 'info');
  }
}

export function forMetric(message: string, name: string): string {
  return name === '' ? message : `${message} for metric name ${JSON.stringify(name)}`;
}

function capped(all: string[], word: string): string[] {
  if (all.length <= MAX_EACH) return all;
  return [...all.slice(0, MAX_EACH), `${all.length - MAX_EACH} more ${word} annotations omitted`];
}
