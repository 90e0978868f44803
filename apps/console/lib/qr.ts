/**
 * QR codes (ISO/IEC 18004), byte mode, error correction M: what an authenticator app's camera reads. Made here, so that the
 * secret in it goes to nobody else.
 */

/** Versions that are made: the largest holds 666 bytes, more than any address needs. */
const VERSION_MAX = 20;
const ECC_PER_BLOCK = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16];
/** Bits of error correction level M in the format information. */
const LEVEL_M = 0;
const FINDER_SPAN = 7;

export type QrCode = readonly (readonly boolean[])[];

/** Modules that carry data or error correction in a version. */
function rawBits(version: number): number {
  let bits = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const marks = Math.floor(version / 7) + 2;
    bits -= (25 * marks - 10) * marks - 55;
    if (version >= 7) bits -= 36;
  }
  return bits;
}

const at = (list: ArrayLike<number>, index: number): number => list[index] ?? 0;
const dataBytes = (version: number): number =>
  Math.floor(rawBits(version) / 8) - at(ECC_PER_BLOCK, version) * at(BLOCKS, version);
const countBits = (version: number): number => (version < 10 ? 8 : 16);

function versionFor(bytes: number): number {
  for (let version = 1; version <= VERSION_MAX; version += 1)
    if (4 + countBits(version) + 8 * bytes <= dataBytes(version) * 8) return version;
  throw new RangeError(`${bytes} bytes are too many for a QR code`);
}

/** Mode, length, the bytes, terminator, and the fill that the standard names. */
function payload(data: Uint8Array, version: number): Uint8Array {
  const bits: number[] = [];
  const push = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >>> bit) & 1);
  };
  push(4, 4);
  push(data.length, countBits(version));
  for (const byte of data) push(byte, 8);
  const capacity = dataBytes(version) * 8;
  push(0, Math.min(4, capacity - bits.length));
  push(0, (8 - (bits.length % 8)) % 8);
  for (let fill = 0xec; bits.length < capacity; fill ^= 0xec ^ 0x11) push(fill, 8);
  return Uint8Array.from({ length: capacity / 8 }, (_, byte) =>
    bits.slice(byte * 8, byte * 8 + 8).reduce((sum, bit) => (sum << 1) | bit, 0),
  );
}

/** Product in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(x: number, y: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((y >>> bit) & 1) * x;
  }
  return product;
}

/** Coefficients of the Reed-Solomon generator, the leading one left out. */
function generator(degree: number): Uint8Array {
  const result = new Uint8Array(degree);
  result[degree - 1] = 1;
  let root = 1;
  for (let round = 0; round < degree; round += 1) {
    for (let index = 0; index < degree; index += 1)
      result[index] = multiply(at(result, index), root) ^ at(result, index + 1);
    root = multiply(root, 2);
  }
  return result;
}

function remainder(data: Uint8Array, divisor: Uint8Array): Uint8Array {
  const result = new Uint8Array(divisor.length);
  for (const byte of data) {
    const factor = byte ^ at(result, 0);
    result.copyWithin(0, 1);
    result[result.length - 1] = 0;
    for (let index = 0; index < divisor.length; index += 1)
      result[index] = at(result, index) ^ multiply(at(divisor, index), factor);
  }
  return result;
}

/** Cuts into blocks, adds each one's error correction, and interleaves them. */
function interleaved(data: Uint8Array, version: number): readonly number[] {
  const blocks = at(BLOCKS, version);
  const total = Math.floor(rawBits(version) / 8);
  const shortBlocks = blocks - (total % blocks);
  const shortData = Math.floor(total / blocks) - at(ECC_PER_BLOCK, version);
  const divisor = generator(at(ECC_PER_BLOCK, version));
  let start = 0;
  const parts = Array.from({ length: blocks }, (_, block) => {
    const part = data.slice(start, (start += shortData + (block < shortBlocks ? 0 : 1)));
    return { part, ecc: remainder(part, divisor) };
  });
  const column = (lists: readonly Uint8Array[], index: number): readonly number[] =>
    lists.flatMap((list) => (index < list.length ? [at(list, index)] : []));
  const columns = (lists: readonly Uint8Array[], length: number): readonly number[] =>
    Array.from({ length }, (_, index) => column(lists, index)).flat();
  return [
    ...columns(
      parts.map(({ part }) => part),
      shortData + 1,
    ),
    ...columns(
      parts.map(({ ecc }) => ecc),
      divisor.length,
    ),
  ];
}

/** Where the alignment marks are, along either axis. */
function alignment(version: number): readonly number[] {
  if (version === 1) return [];
  const marks = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (marks * 2 - 2)) * 2;
  const last = version * 4 + 10;
  return [6, ...Array.from({ length: marks - 1 }, (_, mark) => last - (marks - 2 - mark) * step)];
}

/** The square while it is drawn: what is dark, and what belongs to the marks and is not masked. */
class Grid {
  readonly size: number;
  readonly dark: boolean[][];
  readonly fixed: boolean[][];

  constructor(version: number) {
    this.size = version * 4 + 17;
    const square = (): boolean[][] =>
      Array.from({ length: this.size }, () => Array.from({ length: this.size }, () => false));
    this.dark = square();
    this.fixed = square();
  }

  isDark(x: number, y: number): boolean {
    return this.dark[y]?.[x] === true;
  }

  set(x: number, y: number, isDark: boolean): void {
    const row = this.dark[y];
    if (row !== undefined && x >= 0 && x < this.size) row[x] = isDark;
  }

  /** Draws a part of a mark; what lies outside is not drawn. */
  mark(x: number, y: number, isDark: boolean): void {
    const row = this.fixed[y];
    if (row === undefined || x < 0 || x >= this.size) return;
    row[x] = true;
    this.set(x, y, isDark);
  }

  isFixed(x: number, y: number): boolean {
    return this.fixed[y]?.[x] === true;
  }
}

const ring = (dx: number, dy: number): number => Math.max(Math.abs(dx), Math.abs(dy));

function square(
  grid: Grid,
  x: number,
  y: number,
  reach: number,
  isDark: (distance: number) => boolean,
): void {
  for (let dy = -reach; dy <= reach; dy += 1)
    for (let dx = -reach; dx <= reach; dx += 1) grid.mark(x + dx, y + dy, isDark(ring(dx, dy)));
}

function drawMarks(grid: Grid, version: number): void {
  const { size } = grid;
  for (let i = 0; i < size; i += 1) {
    grid.mark(6, i, i % 2 === 0);
    grid.mark(i, 6, i % 2 === 0);
  }
  const finder = (distance: number): boolean => distance !== 2 && distance !== 4;
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(grid, x, y, 4, finder);
  const places = alignment(version);
  const edge = size - FINDER_SPAN;
  for (const x of places)
    for (const y of places) {
      const inFinder = (x === 6 && y === 6) || (x === 6 && y === edge) || (x === edge && y === 6);
      if (!inFinder) square(grid, x, y, 2, (distance) => distance !== 1);
    }
  drawFormat(grid, 0);
  if (version >= 7) drawVersion(grid, version);
}

function drawFormat(grid: Grid, mask: number): void {
  const data = (LEVEL_M << 3) | mask;
  let rest = data;
  for (let i = 0; i < 10; i += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (index: number): boolean => ((bits >>> index) & 1) === 1;
  const { size } = grid;
  for (let i = 0; i <= 5; i += 1) grid.mark(8, i, bit(i));
  grid.mark(8, 7, bit(6));
  grid.mark(8, 8, bit(7));
  grid.mark(7, 8, bit(8));
  for (let i = 9; i < 15; i += 1) grid.mark(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i += 1) grid.mark(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i += 1) grid.mark(8, size - 15 + i, bit(i));
  grid.mark(8, size - 8, true);
}

function drawVersion(grid: Grid, version: number): void {
  let rest = version;
  for (let i = 0; i < 12; i += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let i = 0; i < 18; i += 1) {
    const isDark = ((bits >>> i) & 1) === 1;
    const [a, b] = [grid.size - 11 + (i % 3), Math.floor(i / 3)];
    grid.mark(a, b, isDark);
    grid.mark(b, a, isDark);
  }
}

/** The zigzag from the bottom right, two columns at a time, around the marks. */
function drawCodewords(grid: Grid, bytes: readonly number[]): void {
  const { size } = grid;
  let index = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      const upward = ((right + 1) & 2) === 0;
      const y = upward ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (grid.isFixed(x, y) || index >= bytes.length * 8) continue;
        grid.set(x, y, ((at(bytes, index >>> 3) >>> (7 - (index & 7))) & 1) === 1);
        index += 1;
      }
    }
  }
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function applyMask(grid: Grid, mask: number): void {
  for (let y = 0; y < grid.size; y += 1)
    for (let x = 0; x < grid.size; x += 1)
      if (!grid.isFixed(x, y) && MASKS[mask]?.(x, y) === true) grid.set(x, y, !grid.isDark(x, y));
}

/** How hard a square is to read: long runs, blocks of one colour, look-alikes of the finder, imbalance. */
function penalty(grid: Grid): number {
  const { size } = grid;
  let sum = 0;
  let darks = 0;
  for (let y = 0; y < size; y += 1) {
    sum += linePenalty(Array.from({ length: size }, (_, x) => grid.isDark(x, y)));
    sum += linePenalty(Array.from({ length: size }, (_, x) => grid.isDark(y, x)));
    for (let x = 0; x < size; x += 1) {
      if (grid.isDark(x, y)) darks += 1;
      if (x === 0 || y === 0) continue;
      const here = grid.isDark(x, y);
      const alike = [grid.isDark(x - 1, y), grid.isDark(x, y - 1), grid.isDark(x - 1, y - 1)];
      if (alike.every((one) => one === here)) sum += 3;
    }
  }
  const total = size * size;
  return sum + Math.max(0, Math.ceil(Math.abs(darks * 20 - total * 10) / total) - 1) * 10;
}

function linePenalty(line: readonly boolean[]): number {
  const text = line.map((isDark) => (isDark ? '1' : '0')).join('');
  const runs = (text.match(/0{5,}|1{5,}/g) ?? []).reduce((sum, run) => sum + run.length - 2, 0);
  const finders = [...`0000${text}0000`.matchAll(/(?=00001011101|10111010000)/g)].length;
  return runs + finders * 40;
}

/** The modules of the code, row by row; true is dark. The quiet border is the drawer's. */
export function qrCode(text: string): QrCode {
  const data = new TextEncoder().encode(text);
  const version = versionFor(data.length);
  const grid = new Grid(version);
  drawMarks(grid, version);
  drawCodewords(grid, interleaved(payload(data, version), version));
  let best = { mask: 0, penalty: Number.POSITIVE_INFINITY };
  for (let mask = 0; mask < MASKS.length; mask += 1) {
    applyMask(grid, mask);
    drawFormat(grid, mask);
    const found = penalty(grid);
    if (found < best.penalty) best = { mask, penalty: found };
    // A mask is its own inverse.
    applyMask(grid, mask);
  }
  applyMask(grid, best.mask);
  drawFormat(grid, best.mask);
  return grid.dark;
}
