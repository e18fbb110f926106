import type { FaultName } from './faults.ts';

/** What the shop tells its processes over IPC. */
export type Order =
  | { readonly type: 'peers'; readonly peers: readonly Peer[] }
  | { readonly type: 'faults'; readonly on: readonly FaultName[] };

/** What a process tells the shop. */
export type Report =
  | { readonly type: 'ready'; readonly port?: number }
  | { readonly type: 'line'; readonly text: string };

/** A running process that others may call or watch. */
export interface Peer {
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Whether it has `/metrics`. */
  readonly observed: boolean;
}

const on = new Set<FaultName>();
const faultListeners: ((isOn: (name: FaultName) => boolean) => void)[] = [];
const peers = new Map<string, Peer>();
const enders: (() => Promise<void> | void)[] = [];
let ending = false;

export const isOn = (name: FaultName): boolean => on.has(name);
export const peer = (service: string): Peer | undefined => peers.get(service);
export const allPeers = (): Peer[] => [...peers.values()];

/** Called after every change of the faults, so that background work can start and stop. */
export function onFaults(listener: (isOn: (name: FaultName) => boolean) => void): void {
  faultListeners.push(listener);
}

/** Called once before the process ends, in reverse order of registration. */
export function onEnd(ender: () => Promise<void> | void): void {
  enders.unshift(ender);
}

export function report(message: Report): void {
  if (process.connected) process.send?.(message);
}

export const say = (text: string): void => report({ type: 'line', text });

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(), 4000).unref();
  for (const ender of enders) await Promise.resolve(ender()).catch(() => undefined);
  process.exit();
}

process.on('message', (order: Order) => {
  if (order.type === 'peers') {
    peers.clear();
    for (const p of order.peers) peers.set(p.service, p);
  } else {
    on.clear();
    for (const name of order.on) on.add(name);
    for (const listener of faultListeners) listener(isOn);
  }
});
process.on('SIGTERM', () => void end());
// Ctrl-C reaches a whole terminal group: the shop ends its processes in order, they do not end themselves.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => void end());
