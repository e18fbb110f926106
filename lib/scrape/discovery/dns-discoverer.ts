import { promises as dns } from 'node:dns';
import type { DnsDiscovery, TargetGroup } from '#lib/config/discovery-config.ts';
import { makeLabels } from '#lib/model/labels.ts';
import type { Discoverer } from './discoverer.ts';

/** A resolver of Node's `dns.promises`. */
export type DnsQueries = Pick<dns.Resolver, 'resolveSrv' | 'resolve4' | 'resolve6'>;

interface NameState {
  readonly group: TargetGroup[];
  readonly problem: string | undefined;
}

/** There is such a name but no such record, or no such name: no targets, and nothing wrong. */
const NOTHING_THERE: ReadonlySet<string | undefined> = new Set(['ENODATA', 'ENOTFOUND']);

/** Targets from DNS records, asked for again at each interval. A name that cannot be asked for keeps its targets. */
export class DnsDiscoverer implements Discoverer {
  readonly #config: DnsDiscovery;
  readonly #dns: DnsQueries;
  readonly #names = new Map<string, NameState>();
  #end: (() => void) | undefined;

  constructor(config: DnsDiscovery, queries: DnsQueries = new dns.Resolver({ timeout: 5000, tries: 2 })) {
    this.#config = config;
    this.#dns = queries;
  }

  start(onChange: () => void): void {
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const ask = async (): Promise<void> => {
      const before = JSON.stringify([...this.#names]);
      await Promise.all(this.#config.names.map((name) => this.#ask(name)));
      if (isOver) return;
      if (JSON.stringify([...this.#names]) !== before) onChange();
      timer = setTimeout(() => void ask(), this.#config.refreshMs);
    };
    this.#end = () => {
      isOver = true;
      clearTimeout(timer);
    };
    void ask();
  }

  stop(): void {
    this.#end?.();
  }

  groups(): readonly TargetGroup[] {
    return [...this.#names.values()].flatMap(({ group }) => group);
  }

  problems(): readonly string[] {
    return [...this.#names.values()].flatMap(({ problem }) => problem ?? []);
  }

  async #ask(name: string): Promise<void> {
    try {
      this.#names.set(name, { group: await this.#records(name), problem: undefined });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (NOTHING_THERE.has(code)) this.#names.set(name, { group: [], problem: undefined });
      else {
        const group = this.#names.get(name)?.group ?? [];
        this.#names.set(name, { group, problem: `DNS ${this.#config.type} records of ${name}: ${message}` });
      }
    }
  }

  async #records(name: string): Promise<TargetGroup[]> {
    const { type, port } = this.#config;
    const one = (address: string, target = '', targetPort = ''): TargetGroup => ({
      targets: [address],
      labels: makeLabels([
        ['__meta_dns_name', name],
        ['__meta_dns_srv_record_target', target],
        ['__meta_dns_srv_record_port', targetPort],
      ]),
    });
    // In the order of the answer, which rotates, the targets would look changed each time.
    if (type === 'A') return (await this.#dns.resolve4(name)).sort().map((ip) => one(`${ip}:${port}`));
    if (type === 'AAAA') return (await this.#dns.resolve6(name)).sort().map((ip) => one(`[${ip}]:${port}`));
    const records = await this.#dns.resolveSrv(name);
    return records
      .map((record) => ({ host: record.name.replace(/\.$/, ''), port: String(record.port) }))
      .sort((a, b) => (`${a.host}:${a.port}` < `${b.host}:${b.port}` ? -1 : 1))
      .map((record) => one(`${record.host}:${record.port}`, `${record.host}.`, record.port));
  }
}
