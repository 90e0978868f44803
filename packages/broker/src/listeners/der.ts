/** One element of a DER structure (X.690 §8). */
export interface Der {
  readonly tag: number;
  readonly content: Buffer;
}

export const DER_TAG = {
  integer: 0x02,
  sequence: 0x30,
  set: 0x31,
  utcTime: 0x17,
  generalizedTime: 0x18,
} as const;

/** Bytes of a length that is written in its long form; four of them say more than any file here holds. */
const LENGTH_BYTES_MAX = 4;

/** The elements that lie side by side in some bytes; undefined when they are no DER. Never throws. */
export function readDer(bytes: Buffer): readonly Der[] | undefined {
  const out: Der[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at];
    const first = bytes[at + 1];
    if (tag === undefined || first === undefined) return undefined;
    at += 2;
    let length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0 || count > LENGTH_BYTES_MAX || at + count > bytes.length) return undefined;
      length = bytes.readUIntBE(at, count);
      at += count;
    }
    if (at + length > bytes.length) return undefined;
    out.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return out;
}

/** Milliseconds since the epoch of a UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5); undefined when it is none. */
export function timeOf({ tag, content }: Der): number | undefined {
  const text = content.toString('latin1');
  const isShort = tag === DER_TAG.utcTime;
  const match = (isShort ? /^(\d\d)((?:\d\d){5})Z$/ : /^(\d{4})((?:\d\d){5})Z$/).exec(text);
  if (match === null || (!isShort && tag !== DER_TAG.generalizedTime)) return undefined;
  const [, year = '', rest = ''] = match;
  // [RFC 5280 §4.1.2.5.1] two digits mean 1950 to 2049.
  const whole = isShort ? Number(year) + (Number(year) >= 50 ? 1_900 : 2_000) : Number(year);
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = (rest.match(/\d\d/g) ?? []).map(Number);
  return Date.UTC(whole, month - 1, day, hour, minute, second);
}

/**
 * A distinguished name as text that two encodings of it share: attribute types and values in order, whatever the string
 * type, case and blanks (RFC 5280 §7.1).
 */
export function comparableName({ content }: Der): string {
  const parts: string[] = [];
  for (const set of readDer(content) ?? []) {
    for (const attribute of readDer(set.content) ?? []) {
      const [type, value] = readDer(attribute.content) ?? [];
      if (type === undefined || value === undefined) continue;
      const text = value.content.toString('utf8').trim().replaceAll(/\s+/g, ' ').toLowerCase();
      parts.push(`${type.content.toString('hex')}=${text}`);
    }
  }
  return parts.join('\n');
}

/** A serial number as it is compared: hex in capitals, without leading zeros. */
export const comparableSerial = (hex: string): string => hex.toUpperCase().replace(/^0+(?=.)/, '');
