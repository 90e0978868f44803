import { type AddressBytes, parseAddress } from './address.ts';

/** Prefix lengths, in bits, that make up "one network" for counting (auth.md §8). */
const NETWORK_PREFIX_BITS = { ipv4: 24, ipv6: 64 } as const;

/** A block of addresses. */
export interface Cidr {
  readonly bytes: AddressBytes;
  readonly prefixBits: number;
}

/** Reads `address/prefix`, or an address alone for exactly that one. Undefined when the text is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', prefix, ...more] = text.split('/');
  const bytes = parseAddress(address);
  if (bytes === undefined || more.length > 0) return undefined;
  const bits = bytes.length * 8;
  if (prefix === undefined) return { bytes, prefixBits: bits };
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits
    ? { bytes, prefixBits: Number(prefix) }
    : undefined;
}

/** Whether an address lies in a block; addresses of the other family never do. */
export const inCidr = ({ bytes, prefixBits }: Cidr, address: AddressBytes): boolean =>
  bytes.length === address.length &&
  bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefixBits - index * 8));
    return (byte ^ (address[index] ?? 0)) >> (8 - bits) === 0;
  });

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
