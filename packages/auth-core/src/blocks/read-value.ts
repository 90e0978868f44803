import { parseAddress } from '../network/address.ts';
import { parseCidr } from '../network/cidr.ts';
import { formatAddress } from '../network/format-address.ts';
import { BLOCK_LIMITS, type BlockKind, type BlockPatterns } from './block.ts';

/** A value fit to be stored and matched, or what is wrong with it, in words. */
export type ReadBlockValue = { readonly value: string } | { readonly problem: string };

/**
 * Reads what somebody typed as the value of a block and gives it its one form: addresses as connections report them,
 * networks without host bits, fingerprints as lower-case hex.
 *
 * @example readBlockValue('cidr', '10.1.2.3/8', patterns) // { value: '10.0.0.0/8' }
 */
export function readBlockValue(
  kind: BlockKind,
  text: string,
  patterns: Pick<BlockPatterns, 'problem'>,
): ReadBlockValue {
  switch (kind) {
    case 'clientId':
    case 'username':
      return name(text);
    case 'ip':
      return address(text.trim());
    case 'cidr':
      return network(text.trim());
    case 'fingerprint':
      return fingerprint(text);
    case 'pattern':
      return pattern(text, patterns);
  }
}

function name(text: string): ReadBlockValue {
  if (text === '') return { problem: 'must not be empty' };
  // Neither can come in a CONNECT, and not every database keeps them.
  if (/[\p{Surrogate}\0]/u.test(text)) {
    return { problem: 'must not contain U+0000 or half a surrogate pair' };
  }
  if (text.length > BLOCK_LIMITS.nameUnitsMax) {
    return { problem: `must have at most ${BLOCK_LIMITS.nameUnitsMax} characters; a pattern can be shorter` };
  }
  return { value: text };
}

function address(text: string): ReadBlockValue {
  const bytes = parseAddress(text);
  return bytes === undefined
    ? { problem: 'is no IPv4 or IPv6 address, such as 203.0.113.9' }
    : { value: formatAddress(bytes) };
}

const FAMILY_BITS = 8;

function network(text: string): ReadBlockValue {
  const cidr = parseCidr(text);
  if (cidr === undefined) return { problem: 'is no network, such as 203.0.113.0/24' };
  const bits = cidr.prefix.padEnd(cidr.addressBytes * FAMILY_BITS, '0');
  const bytes = Array.from({ length: cidr.addressBytes }, (_, at) =>
    parseInt(bits.slice(at * FAMILY_BITS, (at + 1) * FAMILY_BITS), 2),
  );
  return { value: `${formatAddress(bytes)}/${cidr.prefix.length}` };
}

function fingerprint(text: string): ReadBlockValue {
  const hex = text.replaceAll(/[:\s]/g, '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex)
    ? { value: hex }
    : { problem: 'is no SHA-256 fingerprint: 64 hexadecimal digits, with or without colons' };
}

function pattern(text: string, patterns: Pick<BlockPatterns, 'problem'>): ReadBlockValue {
  if (text === '') return { problem: 'must not be empty' };
  if (text.length > BLOCK_LIMITS.patternUnitsMax) {
    return { problem: `must have at most ${BLOCK_LIMITS.patternUnitsMax} characters` };
  }
  const problem = patterns.problem(text);
  return problem === undefined ? { value: text } : { problem };
}
