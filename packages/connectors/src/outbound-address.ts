import { type AddressBytes, type Cidr, inCidr, parseAddress, parseCidr } from '@gatehouse/auth-core';

/** A network with what it is, for words. */
interface KnownNetwork {
  readonly network: Cidr;
  readonly what: string;
}

const known = (what: string, ...networks: readonly string[]): readonly KnownNetwork[] =>
  networks.flatMap((text) => {
    const network = parseCidr(text);
    return network === undefined ? [] : [{ network, what }];
  });

/** Where no backend is and where harm is: denied unless allowed by name. Metadata first, it tells the most. */
const DENIED_BY_DEFAULT: readonly KnownNetwork[] = [
  ...known(
    'a metadata address of a cloud',
    '169.254.169.254',
    '169.254.170.2',
    'fd00:ec2::254',
    'fd20:ce::254',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
  ),
  ...known('link-local', '169.254.0.0/16', 'fe80::/10'),
  ...known('unspecified', '0.0.0.0/8', '::/128'),
  ...known('multicast', '224.0.0.0/4', 'ff00::/8'),
  ...known('reserved or broadcast', '240.0.0.0/4'),
];

const LOOPBACK = known('loopback', '127.0.0.0/8', '::1/128');

/** Prefixes of IPv6 that carry an IPv4 address, and where in the bytes it is. */
const EMBEDDED: readonly { readonly prefix: Cidr; readonly at: number }[] = [
  ...known('IPv4-compatible', '::/96').map(({ network }) => ({ prefix: network, at: 12 })),
  ...known('NAT64', '64:ff9b::/96').map(({ network }) => ({ prefix: network, at: 12 })),
  ...known('6to4', '2002::/16').map(({ network }) => ({ prefix: network, at: 2 })),
];

/** The address itself and any IPv4 address within it: who denies the one denies the other. */
function facesOf(address: AddressBytes): readonly AddressBytes[] {
  const inner = EMBEDDED.filter(({ prefix }) => inCidr(prefix, address)).map(({ at }) =>
    address.slice(at, at + 4),
  );
  // `::` and `::1` are no IPv4 addresses, although their prefix says so.
  return [address, ...inner.filter(([first]) => first !== 0)];
}

/** Whether one of the networks holds the address, or the IPv4 address within it. */
export const isIn = (networks: readonly Cidr[], address: AddressBytes): boolean =>
  facesOf(address).some((face) => networks.some((network) => inCidr(network, face)));

/** Why an address is denied unless it is allowed by name; undefined when it is not. */
export const deniedByDefault = (address: AddressBytes): string | undefined =>
  DENIED_BY_DEFAULT.find(({ network }) => isIn([network], address))?.what;

export const isLoopback = (address: AddressBytes): boolean =>
  LOOPBACK.some(({ network }) => isIn([network], address));

/**
 * A host as the rest of the world reads it: lower case, no brackets, no dot at the end, and numbers in any notation
 * (`2130706433`, `0x7f.1`, `0177.0.0.1`) as the address that they are (WHATWG URL, host parsing). Undefined: no host.
 */
export function normalHost(host: string): string | undefined {
  const bare = host.replace(/^\[(.*)\]$/su, '$1');
  if (/[/?#@\\\s]/u.test(bare)) return undefined;
  const text = bare.includes(':') ? `[${bare.replace(/%.*$/su, '')}]` : bare;
  if (!URL.canParse(`http://${text}/`)) return undefined;
  const { hostname } = new URL(`http://${text}/`);
  return hostname.replace(/^\[(.*)\]$/u, '$1').replace(/\.$/u, '');
}

/** The address that a host is, if it is one and no name. */
export const addressOf = (host: string): AddressBytes | undefined => parseAddress(host);
