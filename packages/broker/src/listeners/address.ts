import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An address as it is recorded: IPv4-mapped IPv6 as IPv4, zone left out; what is no address stays as it is. */
export function normalizeAddress(text: string | undefined): string {
  if (text !== undefined && isIPv4(text)) return text;
  const bare = (text ?? '').split('%')[0] ?? '';
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : bare;
}

/** Says whether an address belongs to a proxy whose word is taken. */
export type TrustedProxies = (ip: string) => boolean;

/**
 * Parses addresses and CIDR ranges.
 *
 * @throws Error naming the entry that is neither.
 */
export function parseTrustedProxies(entries: readonly string[]): TrustedProxies {
  const ranges = entries.map(parseRange);
  return (ip) => {
    if (!ipaddr.isValid(ip)) return false;
    const address = ipaddr.process(ip);
    return ranges.some((range) => contains(range, address));
  };
}

function parseRange(entry: string): [Address, number] {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
  if (!ipaddr.isValid(entry)) throw new Error(`trusted proxy "${entry}" is no address and no CIDR range`);
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function contains([network, bits]: [Address, number], address: Address): boolean {
  if (network instanceof ipaddr.IPv4) return address instanceof ipaddr.IPv4 && address.match(network, bits);
  return address instanceof ipaddr.IPv6 && address.match(network, bits);
}

/**
 * The client's address behind trusted proxies: the last entry of `X-Forwarded-For` that no trusted proxy vouches for
 * itself. The header of anybody else is ignored.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | undefined,
  trusted: TrustedProxies,
): string {
  let ip = peer;
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim());
  while (trusted(ip)) {
    const hop = hops.pop();
    if (hop === undefined || !ipaddr.isValid(hop)) break;
    ip = normalizeAddress(hop);
  }
  return ip;
}
