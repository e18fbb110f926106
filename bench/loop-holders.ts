/** Whose code ran while the event loop was held. */
import type { Profiler } from 'node:inspector';

/** A stretch without a turn of the event loop; µs of the monotonic clock. */
export interface Hold {
  readonly from: number;
  readonly to: number;
  /** CPU time of the thread in it: what other programs on the machine took away is not in here. */
  readonly cpuMs: number;
}

export interface Holder {
  readonly name: string;
  readonly ms: number;
}

export interface HoldReport {
  readonly hold: Hold;
  /** By the outermost function of the project: who asked. */
  readonly asked: readonly Holder[];
  /** By the innermost function of the project: who worked. */
  readonly worked: readonly Holder[];
  /** By the function that ran, whoever's it is. */
  readonly ran: readonly Holder[];
}

type Node = Profiler.ProfileNode;

const nameOf = ({ functionName, url, lineNumber }: Node['callFrame']): string =>
  `${functionName || '(anonymous)'}${url ? ` ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}` : ''}`;

const isOurs = ({ callFrame: { url } }: Node): boolean =>
  /\/(lib|bin|app)\/[^?]*\.tsx?$/.test(url) && !url.includes('node_modules') && !url.includes('/generated/');

const top = (times: ReadonlyMap<string, number>, n: number): Holder[] =>
  [...times]
    .map(([name, us]) => ({ name, ms: us / 1000 }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, n);

export function holders(profile: Profiler.Profile, holds: readonly Hold[], shown = 4): HoldReport[] {
  const byId = new Map(profile.nodes.map((n) => [n.id, n]));
  const parents = new Map(profile.nodes.flatMap((n) => (n.children ?? []).map((c) => [c, n.id] as const)));
  const stackOf = (id: number): Node[] => {
    const stack: Node[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at);
      if (node) stack.push(node);
    }
    return stack;
  };
  const { samples = [], timeDeltas = [] } = profile;
  let at = profile.startTime;
  const times = timeDeltas.map((delta) => {
    at += delta;
    return at;
  });
  return holds.map((hold) => {
    const asked = new Map<string, number>();
    const worked = new Map<string, number>();
    const ran = new Map<string, number>();
    const add = (map: Map<string, number>, name: string, us: number) =>
      map.set(name, (map.get(name) ?? 0) + us);
    times.forEach((time, i) => {
      const id = samples[i];
      if (id === undefined || time < hold.from || time > hold.to) return;
      const us = Math.min(timeDeltas[i + 1] ?? 0, hold.to - time);
      const stack = stackOf(id);
      const ours = stack.filter(isOurs);
      const self = stack[0] ? nameOf(stack[0].callFrame) : '?';
      const inner = ours[0];
      const outer = ours.at(-1);
      add(ran, self, us);
      add(worked, inner ? nameOf(inner.callFrame) : self, us);
      add(asked, outer ? nameOf(outer.callFrame) : self, us);
    });
    return { hold, asked: top(asked, shown), worked: top(worked, shown), ran: top(ran, shown) };
  });
}

/** The same over many holds, as one table. */
export function sumHolders(lists: readonly (readonly Holder[])[], shown = 12): Holder[] {
  const times = new Map<string, number>();
  for (const list of lists)
    for (const { name, ms } of list) times.set(name, (times.get(name) ?? 0) + ms * 1000);
  return top(times, shown);
}
