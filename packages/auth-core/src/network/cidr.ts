import { type AddressBytes, parseAddress } from './address.ts';

/** Prefix lengths, in bits, that make up "one network" for counting (auth.md §8). */
const NETWORK_PREFIX_BITS = { ipv4: 24, ipv6: 64 } as const;

/** A block of addresses: of one family, beginning with these bits. */
export interface Cidr {
  readonly addressBytes: number;
  /** The prefix as a text of `0` and `1`. */
  readonly prefix: string;
}

/** Reads `address/prefix`, or an address alone for exactly that one. Undefined when the text is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length, ...more] = text.split('/');
  const bytes = parseAddress(address);
  if (bytes === undefined || more.length > 0) return undefined;
  const bits = bitsOf(bytes);
  if (length === undefined) return { addressBytes: bytes.length, prefix: bits };
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits.length) return undefined;
  return { addressBytes: bytes.length, prefix: bits.slice(0, Number(length)) };
}

/** Whether an address lies in a block; addresses of the other family never do. */
export const inCidr = ({ addressBytes, prefix }: Cidr, address: AddressBytes): boolean =>
  address.length === addressBytes && bitsOf(address).startsWith(prefix);

/** An address as a text of `0` and `1`, as `Cidr.prefix` begins. */
export const bitsOf = (bytes: AddressBytes): string =>
  bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');

/**
 * The network that an address counts for: its /24 or /64, as text. What is no address stands for itself.
 *
 * @example networkOf('203.0.113.9') // '203.0.113.0/24'
 */
export function networkOf(ip: string): string {
  const bytes = parseAddress(ip);
  if (bytes === undefined) return ip;
  if (bytes.length === 4) return `${bytes.slice(0, 3).join('.')}.0/${NETWORK_PREFIX_BITS.ipv4}`;
  const groups = [0, 2, 4, 6].map((at) =>
    bytes
      .slice(at, at + 2)
      .reduce((high, low) => high * 256 + low, 0)
      .toString(16),
  );
  return `${groups.join(':')}::/${NETWORK_PREFIX_BITS.ipv6}`;
}
