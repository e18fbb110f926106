import type { Trace } from '#lib/model/span.ts';
import { peerOf } from '#lib/store/traces/peer.ts';
import { databaseOf, isCache, isMessaging } from './span-role.ts';
import { type SpanTree, spanTree } from './span-tree.ts';

export type PeerKind = 'service' | 'database' | 'cache' | 'messaging' | 'external';

export interface GraphEdge {
  readonly from: string;
  /** A service, or the name of a peer that sends no telemetry. */
  readonly to: string;
  readonly kind: PeerKind;
  calls: number;
  errors: number;
  /** as the caller saw them, ms */
  totalMs: number;
}

/** Who calls whom, from parent links of a sample of traces: shares are right, absolute counts are the sample's. */
export interface ServiceGraph {
  readonly services: ReadonlySet<string>;
  readonly edges: readonly GraphEdge[];
}

/** Services below `service`, itself included, nearest first. */
export function downstream(graph: ServiceGraph, service: string): string[] {
  const found = new Set([service]);
  for (const name of found)
    for (const edge of graph.edges) if (edge.from === name && edge.kind === 'service') found.add(edge.to);
  return [...found];
}

export function serviceGraph(
  traces: readonly Trace[],
  treeOf: (trace: Trace) => SpanTree = spanTree,
): ServiceGraph {
  const services = new Set<string>();
  const edges = new Map<string, GraphEdge>();
  for (const trace of traces) {
    const tree = treeOf(trace);
    for (const span of tree.byId.values()) {
      const from = span.resource.service;
      services.add(from);
      const add = (to: string, kind: PeerKind) => {
        const key = `${from}\u0000${kind}\u0000${to}`;
        const edge = edges.get(key) ?? { from, to, kind, calls: 0, errors: 0, totalMs: 0 };
        edge.calls++;
        edge.errors += Number(span.status === 'error');
        edge.totalMs += span.durationUs / 1000;
        edges.set(key, edge);
      };
      const callees = new Set(tree.childrenOf(span).map((c) => c.resource.service));
      callees.delete(from);
      for (const to of callees) add(to, 'service');
      if (callees.size > 0 || (span.kind !== 'client' && span.kind !== 'producer')) continue;
      const peer = peerOf(span);
      if (peer === '') continue;
      if (isCache(span)) add(peer, 'cache');
      else if (databaseOf(span) !== '') add(peer, 'database');
      else if (isMessaging(span)) add(peer, 'messaging');
      else add(peer, 'external');
    }
  }
  return { services, edges: [...edges.values()].sort((a, b) => b.totalMs - a.totalMs) };
}
