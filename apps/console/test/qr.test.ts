import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { qrCode } from '../lib/qr.ts';

const URI =
  'otpauth://totp/Gatehouse:owner%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Gatehouse';

/** Rows of modules as text. */
const drawn = (text: string): string =>
  qrCode(text)
    .map((row) => row.map((isDark) => (isDark ? '#' : '.')).join(''))
    .join('\n');

describe('a QR code', () => {
  it('has the three finders, the timing between them and the dark module', () => {
    const rows = qrCode(URI);
    const { length: size } = rows;
    const finder = ['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######'];
    const at = (x: number, y: number): string[] =>
      rows.slice(y, y + 7).map((row) =>
        row
          .slice(x, x + 7)
          .map((dark) => (dark ? '#' : '.'))
          .join(''),
      );
    for (const [x, y] of [
      [0, 0],
      [size - 7, 0],
      [0, size - 7],
    ] as const)
      expect(at(x, y)).toEqual(finder);
    expect(rows[6]?.slice(8, size - 8)).toEqual(Array.from({ length: size - 16 }, (_, n) => n % 2 === 0));
    expect(rows[size - 8]?.[8]).toBe(true);
  });

  it.each([
    ['a', 21, '0b2a5ded825360b8'],
    [URI, 41, 'b247ca9dbb61ffc0'],
    ['é'.repeat(150), 69, 'fd1e710070ee7231'],
    ['z'.repeat(666), 97, 'e253c4027f628196'],
  ])('is, for %s, the one that jsQR 1.4.0 has read back', (text, size, digest) => {
    expect(qrCode(text)).toHaveLength(size);
    expect(createHash('sha256').update(drawn(text)).digest('hex').slice(0, 16)).toBe(digest);
  });

  it('grows with what it says, and refuses what does not fit', () => {
    expect(() => qrCode('x'.repeat(667))).toThrow('too many for a QR code');
  });
});
