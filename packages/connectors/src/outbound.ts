import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { type AddressBytes, type Cidr, parseAddress, parseCidr } from '@gatehouse/auth-core';
import { addressOf, deniedByDefault, isIn, isLoopback, normalHost } from './outbound-address.ts';

/** Finds the addresses of a host name, as text; rejects when there are none. */
export type Resolver = (host: string) => Promise<readonly string[]>;

export interface OutboundOptions {
  /** Networks or host names that may be called although they are denied. */
  readonly allow: readonly string[];
  /** Networks or host names that must not be called. */
  readonly deny: readonly string[];
  /** Ports of the server's own API and console, which nobody may be made to call through it; asked for each connection. */
  readonly ownPorts?: () => readonly number[];
  readonly resolve?: Resolver;
}

/** Addresses that may be connected to, and no others; or why there are none. */
type OutboundTargets =
  { readonly addresses: readonly string[] } | { readonly addresses?: undefined; readonly refused: string };

/** Where the server itself may call out to. */
export interface OutboundPolicy {
  /**
   * Resolves a host once and gives the addresses that the connection is then pinned to: what is asked of the name service
   * later cannot change where it goes. Rejects only when the name cannot be resolved.
   */
  targets(host: string, port: number): Promise<OutboundTargets>;
  /** As `targets`, for a host that is an address; undefined when it is a name. */
  literal(host: string, port: number): OutboundTargets | undefined;
}

/** Networks and names of one list. */
interface Listed {
  readonly networks: readonly Cidr[];
  readonly names: ReadonlySet<string>;
}

function listOf(entries: readonly string[]): Listed {
  const networks: Cidr[] = [];
  const names = new Set<string>();
  for (const entry of entries) {
    const network = parseCidr(entry.replace(/^\[(.*)\]$/su, '$1'));
    const name = network === undefined ? normalHost(entry) : undefined;
    if (network !== undefined) networks.push(network);
    else if (name !== undefined) names.add(name);
  }
  return { networks, names };
}

/** Addresses of this machine, through which its own ports can be reached too. */
function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((found) => (found ?? []).map(({ address }) => address));
}

const systemResolver: Resolver = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** Most addresses of one name that are looked at. */
const ADDRESSES_MAX = 16;

/**
 * Makes the outbound policy. `allow` wins over `deny`, and `deny` over what is open by default: everything but
 * link-local, metadata, unspecified, multicast and reserved addresses, and the server's own API and console.
 *
 * @example
 * const policy = createOutboundPolicy({ allow: [], deny: ['10.0.0.0/8'] });
 * await policy.targets('auth.example.com', 443); // { addresses: ['203.0.113.9'] }
 */
export function createOutboundPolicy(options: OutboundOptions): OutboundPolicy {
  const allow = listOf(options.allow);
  const deny = listOf(options.deny);
  const { ownPorts = () => [], resolve = systemResolver } = options;

  const refusal = (name: string, address: AddressBytes, port: number): string | undefined => {
    if (allow.names.has(name) || isIn(allow.networks, address)) return undefined;
    if (deny.names.has(name) || isIn(deny.networks, address)) return 'outbound.deny';
    if (ownPorts().includes(port) && isThisMachine(address)) return 'the server’s own API or console';
    return deniedByDefault(address);
  };
  const judge = (name: string, found: readonly string[], port: number): OutboundTargets => {
    const reasons = new Set<string>();
    const addresses = found.slice(0, ADDRESSES_MAX).filter((text) => {
      const address = parseAddress(text);
      const why = address === undefined ? 'not an address' : refusal(name, address, port);
      if (why !== undefined) reasons.add(`${text}: ${why}`);
      return why === undefined;
    });
    return addresses.length > 0 ? { addresses } : { refused: wordsOf([...reasons]) };
  };
  const literal = (host: string, port: number): OutboundTargets | undefined => {
    const name = normalHost(host);
    if (name === undefined) return { refused: 'the outbound policy cannot read the host' };
    return addressOf(name) === undefined ? undefined : judge(name, [name], port);
  };
  return {
    literal,
    targets: async (host, port) => {
      const judged = literal(host, port);
      if (judged !== undefined) return judged;
      const name = normalHost(host) ?? host;
      return judge(name, await resolve(name), port);
    },
  };
}

const wordsOf = (reasons: readonly string[]): string =>
  reasons.length === 0
    ? 'the host has no address'
    : `the outbound policy refuses ${reasons.join(', ')} (see outbound.allow)`;

function isThisMachine(address: AddressBytes): boolean {
  const text = address.join('.');
  return isLoopback(address) || ownAddresses().some((own) => parseAddress(own)?.join('.') === text);
}
