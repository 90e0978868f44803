/** The bytes of an address: four for IPv4, sixteen for IPv6. */
export type AddressBytes = readonly number[];

/**
 * Reads an IPv4 or IPv6 address as text, without port; a zone (`%eth0`) is dropped and an IPv4-mapped IPv6 address is
 * IPv4. Undefined when the text is no address.
 */
export function parseAddress(text: string): AddressBytes | undefined {
  if (!text.includes(':')) return parseIPv4(text);
  const bytes = parseIPv6(text.replace(/%.*$/su, ''));
  return bytes !== undefined && isMapped(bytes) ? bytes.slice(12) : bytes;
}

const ZERO = 0x30;
const DOT = 0x2e;

/** Four numbers up to 255 without leading zeros. Read digit by digit: every refusal asks for its network. */
function parseIPv4(text: string): AddressBytes | undefined {
  const bytes: number[] = [];
  let value = -1;
  for (let at = 0; at <= text.length; at += 1) {
    const code = at === text.length ? DOT : text.charCodeAt(at);
    if (code === DOT) {
      if (value < 0 || bytes.length === 4) return undefined;
      bytes.push(value);
      value = -1;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || value === 0) return undefined;
    value = value < 0 ? digit : value * 10 + digit;
    if (value > 255) return undefined;
  }
  return bytes.length === 4 ? bytes : undefined;
}

/** RFC 4291, section 2.2: eight groups, of which `::` stands for at least one, and perhaps IPv4 in the last two. */
function parseIPv6(text: string): AddressBytes | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => groupsOf(half, index === halves.length - 1));
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 16 ? head : undefined;
  if (tail === undefined || head.length + tail.length > 14) return undefined;
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail];
}

/** The bytes of groups between colons; undefined when one is no group. IPv4 can only end the whole address. */
function groupsOf(text: string, endsAddress: boolean): AddressBytes | undefined {
  const bytes: number[] = [];
  const groups = text === '' ? [] : text.split(':');
  for (const [index, group] of groups.entries()) {
    const last = endsAddress && index === groups.length - 1 ? parseIPv4(group) : undefined;
    if (last !== undefined) bytes.push(...last);
    else if (/^[0-9a-f]{1,4}$/i.test(group)) bytes.push(parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}

const isMapped = (bytes: AddressBytes): boolean =>
  bytes.every((byte, index) => index >= 12 || byte === (index < 10 ? 0 : 0xff));
