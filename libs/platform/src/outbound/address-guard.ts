import { BlockList, isIP, isIPv4 } from 'node:net';

/** Never reachable, not even in development: instance metadata hands out credentials. */
const METADATA = blockList([
  ['169.254.0.0', 16],
  ['168.63.129.16', 32],
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
]);

/** IPv4 that is not somebody's public server (IANA special-purpose registry, RFC 6890). */
const NOT_PUBLIC = blockList([
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]);

/** The development exception: this machine and private networks. */
const PRIVATE = blockList([
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
]);

/** Global unicast is the only IPv6 that is let through, and these parts of it are not. */
const GLOBAL_V6 = blockList6([['2000::', 3]]);
const NOT_PUBLIC_V6 = blockList6([
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);
const LOOPBACK_V6 = blockList6([['::1', 128]]);

/**
 * Whether a request of ours may go to this IP address. `allowPrivate` also permits loopback and
 * private networks, yet never link-local and metadata addresses. IPv4 written as IPv6 is judged as
 * the IPv4 it is; anything that is no IP address is refused.
 */
export function isAllowedAddress(address: string, allowPrivate: boolean): boolean {
  if (isIP(address) === 0 || address.includes('%')) return false;
  const v4 = isIPv4(address) ? address : mappedIPv4(address);
  if (v4 !== undefined) {
    if (METADATA.check(v4)) return false;
    return !NOT_PUBLIC.check(v4) || (allowPrivate && PRIVATE.check(v4));
  }
  if (allowPrivate && LOOPBACK_V6.check(address, 'ipv6')) return true;
  return GLOBAL_V6.check(address, 'ipv6') && !NOT_PUBLIC_V6.check(address, 'ipv6');
}

/** The IPv4 address in `::ffff:a.b.c.d`, in whichever way it is written. */
function mappedIPv4(address: string): string | undefined {
  // The URL parser writes every IPv6 address in its one canonical, hexadecimal form.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const parts = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (parts === null) return undefined;
  const [high = 0, low = 0] = parts.slice(1).map((part) => Number.parseInt(part, 16));
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function blockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of ranges) list.addSubnet(net, prefix, 'ipv4');
  return list;
}

function blockList6(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of ranges) list.addSubnet(net, prefix, 'ipv6');
  return list;
}
