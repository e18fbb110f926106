import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Addresses that are never scraped: link-local ones and the metadata services of clouds, which give credentials to
 * whoever asks from the machine. Private networks are fine: an administrator named the targets.
 */
const REFUSED = new BlockList();
REFUSED.addSubnet('169.254.0.0', 16, 'ipv4');
REFUSED.addSubnet('fe80::', 10, 'ipv6');
for (const address of ['100.100.100.200', '168.63.129.16', '192.0.0.192'])
  REFUSED.addAddress(address, 'ipv4');
for (const address of ['fd00:ec2::254', 'fd20:ce::254']) REFUSED.addAddress(address, 'ipv6');
// The same IPv4 network as it looks through NAT64 and 6to4.
REFUSED.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
REFUSED.addSubnet('2002:a9fe::', 32, 'ipv6');

/** @param address IPv4, or IPv6 without brackets; IPv4 mapped into IPv6 counts as IPv4 */
export function isRefused(address: string): boolean {
  const plain = address.split('%', 1)[0] ?? '';
  const family = isIP(plain);
  if (family === 0) return false;
  return REFUSED.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

export class RefusedAddress extends Error {
  constructor(host: string, address: string) {
    super(
      `${host === address ? host : `${host} (${address})`} is a link-local or cloud metadata address, which is never scraped; give the target's own address`,
    );
  }
}

/** Throws for a URL whose host is itself such an address, in whatever form: URLs turn decimal and hexadecimal ones into dots. */
export function checkHost(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isRefused(host)) throw new RefusedAddress(host, host);
}

/** The `lookup` of every connection: the very addresses that are checked are those connected to, so a second answer cannot differ. */
export const checkedLookup: LookupFunction = (host, options, callback) => {
  systemLookup(host, { ...options, all: true }, (error, found) => {
    if (error) {
      callback(error, '', 0);
      return;
    }
    const allowed = found.filter(({ address }) => !isRefused(address));
    const [first] = allowed;
    if (first === undefined) callback(new RefusedAddress(host, found[0]?.address ?? ''), '', 0);
    else if (options.all) callback(null, allowed);
    else callback(null, first.address, first.family);
  });
};
