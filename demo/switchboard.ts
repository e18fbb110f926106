import { FAULTS, type FaultName, type FaultState, findFault } from './faults.ts';
import type { Fleet } from './fleet.ts';

export interface Deploy {
  readonly service: string;
  readonly version: string;
  readonly title: string;
  /** ms since the epoch: when it began, before the first request of the new version */
  readonly at: number;
}

export interface SwitchboardParts {
  readonly fleet: Fleet;
  setItemsIndex(present: boolean): Promise<void>;
  /** Tells Chokepoint about a roll-out, as a pipeline would. */
  announceDeploy(deploy: Deploy): Promise<void>;
  say(line: string): void;
}

/** Versions that the shop starts with. */
export const VERSIONS = {
  storefront: '3.2.0',
  orders: '2.8.1',
  catalog: '1.4.2',
  payments: '2.3.0',
} as const;

/** Turns faults on and off, one change after the other. */
export class Switchboard {
  readonly #parts: SwitchboardParts;
  readonly #since = new Map<FaultName, number>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: SwitchboardParts) {
    this.#parts = parts;
  }

  list(): FaultState[] {
    return FAULTS.map((fault) => ({
      name: fault.name,
      title: fault.title,
      what: fault.what,
      service: fault.service,
      detector: fault.detector ?? null,
      on: this.#since.has(fault.name),
      since: this.#since.get(fault.name) ?? null,
    }));
  }

  isOn(name: FaultName): boolean {
    return this.#since.has(name);
  }

  /** @returns what happened, in a line; undefined when there is no such fault */
  turn(name: string, on: boolean): Promise<string> | undefined {
    const fault = findFault(name);
    if (!fault) return undefined;
    const change = this.#queue.then(() => this.#apply(fault.name, on));
    this.#queue = change.catch(() => undefined);
    return change;
  }

  async #apply(name: FaultName, on: boolean): Promise<string> {
    const fault = findFault(name);
    if (!fault) throw new Error(`no fault '${name}'`);
    if (this.#since.has(name) === on) return `fault ${name} is already ${on ? 'ON' : 'OFF'}`;
    const { fleet, say } = this.#parts;
    const { target } = fault;
    if (target.kind === 'schema') await this.#parts.setItemsIndex(!on);
    if (target.kind === 'deploy') {
      const version = on ? target.version : VERSIONS[target.service];
      const at = Date.now();
      await fleet.deploy(target.service, version);
      const title = on
        ? `${target.service} ${version} rolled out`
        : `${target.service} rolled back to ${version}`;
      await this.#parts.announceDeploy({ service: target.service, version, title, at });
    }
    if (on) this.#since.set(name, Date.now());
    else this.#since.delete(name);
    if (target.kind === 'process') fleet.setFaults([...this.#since.keys()]);
    const line = `fault ${name} is ${on ? 'ON' : 'OFF'}: ${on ? fault.says.on : fault.says.off}`;
    say(line);
    return line;
  }
}
