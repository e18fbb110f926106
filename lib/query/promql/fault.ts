import { Fault } from '#lib/model/fault.ts';
import type { Position } from './ast.ts';

/** `line:column`, both from 1, as Prometheus counts them (columns in bytes of UTF-8). */
export function lineColumn(query: string, offset: number): string {
  const before = query.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return `${line}:${Buffer.byteLength(before.slice(lineStart), 'utf8') + 1}`;
}

/** The query itself is wrong: 400. */
export function badData(query: string, position: Position, message: string): Fault {
  return new Fault(400, 'bad_data', `${lineColumn(query, position.from)}: ${message}`);
}

/** The question around the query is wrong: 400. */
export function badRequest(message: string): Fault {
  return new Fault(400, 'bad_data', message);
}

/** The query is well formed but this data cannot answer it: 422. */
export function executionFault(message: string): Fault {
  return new Fault(422, 'execution', message);
}

export function timeoutFault(message: string): Fault {
  return new Fault(503, 'timeout', message);
}

/** The client is gone: nobody reads this. */
export function canceledFault(message: string): Fault {
  return new Fault(499, 'canceled', message);
}

export const SAME_LABELSET = 'vector cannot contain metrics with the same labelset';
