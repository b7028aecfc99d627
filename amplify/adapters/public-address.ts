import { BlockList, isIP } from 'node:net';
import type { ModelReach } from '../core/settings.ts';

/**
 * Addresses that lead into a machine or a private network instead of to the internet (IANA's special-purpose
 * registries, as of 2025-10). An instance's metadata and a task's credentials are served at link-local ones.
 */
const special = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(net, prefix, 'ipv4');

/** The only part of IPv6 that is given out for the internet, and what in it leads elsewhere (Teredo, tests, 6to4). */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const specialUnicast = new BlockList();
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  specialUnicast.addSubnet(net, prefix, 'ipv6');

/** Where a cloud serves credentials and metadata: never in reach. */
const linkLocal = new BlockList();
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4');
linkLocal.addSubnet('fe80::', 10, 'ipv6');
linkLocal.addAddress('fd00:ec2::254', 'ipv6');

/**
 * Whether calls may go to an IP address: with the reach `public` to the internet only, with `any` everywhere but where
 * a cloud serves credentials. False for what is no address.
 */
export function mayReach(address: string, reach: ModelReach): boolean {
  const family = isIP(address);
  if (family === 0 || linkLocal.check(address, family === 4 ? 'ipv4' : 'ipv6')) return false;
  if (reach === 'any') return true;
  return family === 4
    ? !special.check(address, 'ipv4')
    : globalUnicast.check(address, 'ipv6') && !specialUnicast.check(address, 'ipv6');
}
