import { HIKARICP_SIGNALS } from './hikaricp.ts';
import { HTTP_SERVER_SIGNALS } from './http-server.ts';
import { JVM_SIGNALS } from './jvm.ts';
import { NODE_SIGNALS } from './node.ts';
import { NODE_POSTGRES_SIGNALS } from './node-postgres.ts';
import { OTEL_SIGNALS } from './otel.ts';
import { PROCESS_SIGNALS } from './process.ts';
import type { SignalMapping } from './role.ts';

/** Technology (its file's name) → mappings; of several that fit a series the first wins. */
export const SIGNAL_CATALOGUE: readonly (readonly [
  technology: string,
  mappings: readonly SignalMapping[],
])[] = [
  ['otel', OTEL_SIGNALS],
  ['node', NODE_SIGNALS],
  ['jvm', JVM_SIGNALS],
  ['process', PROCESS_SIGNALS],
  ['hikaricp', HIKARICP_SIGNALS],
  ['http-server', HTTP_SERVER_SIGNALS],
  ['node-postgres', NODE_POSTGRES_SIGNALS],
];
