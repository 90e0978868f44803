/**
 * SASLprep (RFC 4013): names and passwords that look alike become the same bytes. Tables are those of RFC 3454; what
 * Unicode has assigned since version 3.2 is allowed, and normalised as today's Unicode says.
 */

type Range = readonly [from: number, to: number];

const single = (...points: readonly number[]): readonly Range[] => points.map((point) => [point, point]);

/** C.1.2: other spaces, which become U+0020. */
const SPACES: readonly Range[] = [...single(0xa0, 0x1680, 0x202f, 0x205f, 0x3000), [0x2000, 0x200b]];

/** B.1: what is left out. */
const NOTHING: readonly Range[] = [
  ...single(0xad, 0x34f, 0x1806, 0x2060, 0xfeff),
  [0x180b, 0x180d],
  [0x200c, 0x200d],
  [0xfe00, 0xfe0f],
];

/** C.2.1 to C.9: what must not be there after normalisation. */
const PROHIBITED: readonly Range[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  ...single(0x340, 0x341, 0x6dd, 0x70f, 0x180e, 0xfeff, 0xe0001),
  [0x200c, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x2063],
  [0x206a, 0x206f],
  [0x2ff0, 0x2ffb],
  [0xd800, 0xf8ff],
  [0xfdd0, 0xfdef],
  [0xfff9, 0xffff],
  [0x1d173, 0x1d17a],
  [0xe0020, 0xe007f],
  [0xf0000, 0x10ffff],
];

/** D.1: characters written from right to left. */
const RIGHT_TO_LEFT: readonly Range[] = [
  ...single(0x5be, 0x5c0, 0x5c3, 0x61b, 0x61f, 0x6dd, 0x710, 0x7b1, 0x200f, 0xfb1d, 0xfb3e),
  [0x5d0, 0x5ea],
  [0x5f0, 0x5f4],
  [0x621, 0x63a],
  [0x640, 0x64a],
  [0x66d, 0x66f],
  [0x671, 0x6d5],
  [0x6e5, 0x6e6],
  [0x6fa, 0x6fe],
  [0x700, 0x70d],
  [0x712, 0x72c],
  [0x780, 0x7a5],
  [0xfb1f, 0xfb28],
  [0xfb2a, 0xfb36],
  [0xfb38, 0xfb3c],
  [0xfb40, 0xfb41],
  [0xfb43, 0xfb44],
  [0xfb46, 0xfbb1],
  [0xfbd3, 0xfd3d],
  [0xfd50, 0xfd8f],
  [0xfd92, 0xfdc7],
  [0xfdf0, 0xfdfc],
  [0xfe70, 0xfe74],
  [0xfe76, 0xfefc],
];

const pointOf = (char: string): number => Number(char.codePointAt(0));

const within = (ranges: readonly Range[], char: string): boolean => {
  const point = pointOf(char);
  return ranges.some(([from, to]) => from <= point && point <= to);
};

/** The last two code points of every plane are no characters (C.4). */
const isProhibited = (char: string): boolean =>
  within(PROHIBITED, char) || (pointOf(char) & 0xfffe) === 0xfffe;

const isRightToLeft = (char: string): boolean => within(RIGHT_TO_LEFT, char);

/** D.2, the part of it that matters: letters and their marks that are not written from right to left. */
const isLeftToRight = (char: string): boolean => /[\p{L}\p{Mc}\p{Nl}]/u.test(char) && !isRightToLeft(char);

const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * The text as SASL compares it; undefined when it holds what must not be in a name or a password (RFC 4013 §2.3), or
 * mixes directions of writing (RFC 3454 §6).
 *
 * @example saslprep('I\u00adX') // 'IX'
 */
export function saslprep(text: string): string | undefined {
  if (PRINTABLE_ASCII.test(text)) return text;
  const mapped = Array.from(text, (char) => (within(SPACES, char) ? ' ' : within(NOTHING, char) ? '' : char));
  const prepared = mapped.join('').normalize('NFKC');
  const chars = Array.from(prepared);
  if (chars.some(isProhibited)) return undefined;
  if (!chars.some(isRightToLeft)) return prepared;
  const ends = [...chars.slice(0, 1), ...chars.slice(-1)];
  const isOneWay = !chars.some(isLeftToRight) && ends.every(isRightToLeft);
  return isOneWay ? prepared : undefined;
}
