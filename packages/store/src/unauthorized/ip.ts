import { isIPv4, isIPv6 } from 'node:net';

/** Hex digits of an IPv6 address; IPv4 is kept as `::ffff:a.b.c.d`. */
const HEX_DIGITS = 32;
const IPV4_PREFIX = '00000000000000000000ffff';

/**
 * An address as 32 hex digits, so that order is numeric and a CIDR block is a range; empty for what is no address.
 * @example ipKey('10.0.0.1') // '00000000000000000000ffff0a000001'
 */
export function ipKey(ip: string): string {
  if (isIPv4(ip)) return IPV4_PREFIX + ipv4Hex(ip);
  const [address = ''] = ip.split('%');
  return isIPv6(address) ? ipv6Hex(address) : '';
}

/** The first and last key of an address or CIDR block; null for what is neither. */
export function ipRange(text: string): { readonly from: string; readonly to: string } | null {
  const [address = '', length] = text.split('/');
  const key = ipKey(address);
  if (key === '') return null;
  const bits = HEX_DIGITS * 4;
  const offset = isIPv4(address) ? bits - 32 : 0;
  const prefix = length === undefined ? bits : offset + Number(length);
  if (!Number.isInteger(prefix) || prefix < offset || prefix > bits || length === '') return null;
  const hostBits = BigInt(bits - prefix);
  const from = (BigInt(`0x${key}`) >> hostBits) << hostBits;
  const to = from | ((1n << hostBits) - 1n);
  return { from: hex(from), to: hex(to) };
}

/** Whether an address lies in a network in CIDR notation; text that is neither is compared as it is. */
export function inNetwork(ip: string, network: string): boolean {
  const range = ipRange(network);
  const key = ipKey(ip);
  return range === null || key === '' ? ip === network : key >= range.from && key <= range.to;
}

function hex(value: bigint): string {
  return value.toString(16).padStart(HEX_DIGITS, '0');
}

function ipv4Hex(ip: string): string {
  return ip
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('');
}

function ipv6Hex(address: string): string {
  // An IPv4 tail counts as two groups.
  const tail = /(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const plain =
    tail?.[1] === undefined
      ? address
      : address.slice(0, -tail[1].length) + ipv4Hex(tail[1]).replace(/^(.{4})/, '$1:');
  const [head = '', rest] = plain.split('::');
  const left = groupsOf(head);
  const right = rest === undefined ? [] : groupsOf(rest);
  const middle = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...middle, ...right]
    .map((group) => group.padStart(4, '0'))
    .join('')
    .toLowerCase();
}

function groupsOf(part: string): readonly string[] {
  return part === '' ? [] : part.split(':');
}
