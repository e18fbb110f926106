import path from 'node:path';
import { z } from 'zod';
import type { Labels } from '#lib/model/labels.ts';
import { count, labelMap, nonEmpty, positiveDuration } from './fields.ts';
import { section } from './section.ts';

/** Addresses that share labels. */
export interface TargetGroup {
  /** `host:port` */
  readonly targets: readonly string[];
  readonly labels: Labels;
}

export interface FileDiscovery {
  /** Absolute paths; `*` may stand in the last part. */
  readonly files: readonly string[];
  readonly refreshMs: number;
}

export const DNS_TYPES = ['SRV', 'A', 'AAAA'] as const;

export interface DnsDiscovery {
  readonly names: readonly string[];
  readonly type: (typeof DNS_TYPES)[number];
  /** Unused with SRV, whose records tell it. */
  readonly port: number;
  readonly refreshMs: number;
}

const address = nonEmpty.superRefine((value, context) => {
  const message = addressProblem(value);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

/** Why a text cannot be an `__address__`; undefined when it can. */
export function addressProblem(value: string): string | undefined {
  const shown = JSON.stringify(value.slice(0, 120));
  if (value.includes('://'))
    return `${shown} must be host:port alone; write the scheme as 'scheme' and the path as 'metrics_path'`;
  if (value.includes('/')) return `${shown} must be host:port alone; write the path as 'metrics_path'`;
  if (/[\s@?#\\]/.test(value) || !URL.canParse(`http://${value}/`))
    return `${shown} is not an address of the form host:port`;
  return undefined;
}

/** A group as static_configs and discovery files have it. */
export const targetGroup = section({
  targets: z.array(address, { error: 'must be a list of addresses' }).optional(),
  labels: labelMap.optional(),
}).transform(({ targets = [], labels = [] }): TargetGroup => ({ targets, labels }));

const filePattern = nonEmpty.superRefine((value, context) => {
  if (!/^[^*]*(\*[^/]*)?\.(json|yml|yaml)$/i.test(value))
    context.addIssue({
      code: 'custom',
      message: `${JSON.stringify(value.slice(0, 120))} must end with .json, .yml or .yaml, and may hold * only in its last part`,
    });
});

const fileDiscovery = section({
  files: z.array(filePattern, { error: 'must be a list of paths' }).min(1, { error: 'names no file' }),
  refresh_interval: positiveDuration.optional(),
});

const dnsDiscovery = section({
  names: z.array(nonEmpty, { error: 'must be a list of names' }).min(1, { error: 'names nothing' }),
  type: z
    .string()
    .toUpperCase()
    .pipe(z.enum(DNS_TYPES, { error: `must be one of ${DNS_TYPES.join(', ')}` }))
    .optional(),
  port: count
    .refine((port) => port > 0 && port <= 65_535, { error: 'must be a port from 1 to 65535' })
    .optional(),
  refresh_interval: positiveDuration.optional(),
}).transform(({ names, type = 'SRV', port = 0, refresh_interval = 30_000 }, context): DnsDiscovery => {
  if (type !== 'SRV' && port === 0)
    context.addIssue({ code: 'custom', path: ['type'], message: `records of type ${type} need a 'port'` });
  return { names, type, port, refreshMs: refresh_interval };
});

export const discoveryShape = {
  static_configs: z.array(targetGroup, { error: 'must be a list' }).optional(),
  file_sd_configs: z.array(fileDiscovery, { error: 'must be a list' }).optional(),
  dns_sd_configs: z.array(dnsDiscovery, { error: 'must be a list' }).optional(),
};

/** Kinds of discovery that Prometheus has and this does not. */
export const LATER_DISCOVERY = [
  ...['azure', 'consul', 'digitalocean', 'docker', 'dockerswarm', 'ec2', 'eureka', 'gce', 'hetzner', 'http'],
  ...['ionos', 'kubernetes', 'kuma', 'lightsail', 'linode', 'marathon', 'nerve', 'nomad', 'openstack'],
  ...['ovhcloud', 'puppetdb', 'scaleway', 'serverset', 'stackit', 'triton', 'uyuni', 'vultr', 'aws'],
].map((kind) => `${kind}_sd_configs`);

export interface Discovery {
  readonly static: readonly TargetGroup[];
  readonly files: readonly FileDiscovery[];
  readonly dns: readonly DnsDiscovery[];
}

export function discovery(given: z.infer<z.ZodObject<typeof discoveryShape>>, folder: string): Discovery {
  return {
    static: given.static_configs ?? [],
    files: (given.file_sd_configs ?? []).map(({ files, refresh_interval = 300_000 }) => ({
      files: files.map((file) => path.resolve(folder, file)),
      refreshMs: refresh_interval,
    })),
    dns: given.dns_sd_configs ?? [],
  };
}
