/** Versions of the protocol that the page speaks, by their number in CONNECT. */
export const VERSIONS = [5, 4] as const;
export type Version = (typeof VERSIONS)[number];

export type QoS = 0 | 1 | 2;

/** Bounds that the protocol sets. */
export const BOUNDS = {
  keepAliveSeconds: { min: 0, max: 65_535 },
  seconds: { min: 0, max: 4_294_967_295 },
  subscriptionId: { min: 1, max: 268_435_455 },
} as const;

interface Bound {
  readonly min: number;
  readonly max: number;
}

/** The whole number that a field says, or null where it says none within the bounds. */
export function wholeNumberOf(text: string, { min, max }: Bound): number | null {
  if (!/^\d{1,10}$/.test(text.trim())) return null;
  const value = Number(text);
  return value < min || value > max ? null : value;
}

/** Whether a field that may stay empty says something that is no such number. */
export const isNoNumber = (text: string, bound: Bound): boolean =>
  text.trim() !== '' && wholeNumberOf(text, bound) === null;

/** The bytes that are written in hex, spaces and line breaks between them allowed; null where it is no hex. */
export function bytesOfHex(text: string): Uint8Array | null {
  const digits = text.replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || !/^[\da-f]*$/i.test(digits)) return null;
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  );
}

/** Topics of messages are no filters. */
export const hasWildcard = (topic: string): boolean => /[+#]/.test(topic);
