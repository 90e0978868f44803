import { parseCidr, type Block, type Cidr } from '@gatehouse/auth-core';

/** Whether one of these blocks covers the whole of a network. */
export function coveredBy(blocks: readonly Block[], now: number): (network: string) => boolean {
  const ranges = blocks.flatMap(({ kind, value, expiresAt }): readonly Cidr[] => {
    const range = kind === 'cidr' && (expiresAt ?? Infinity) > now ? parseCidr(value) : undefined;
    return range === undefined ? [] : [range];
  });
  return (network) => {
    const own = parseCidr(network);
    if (own === undefined) return false;
    return ranges.some(
      ({ addressBytes, prefix }) => addressBytes === own.addressBytes && own.prefix.startsWith(prefix),
    );
  };
}
