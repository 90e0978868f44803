import { parseAddress } from '../network/address.ts';
import { bitsOf, parseCidr } from '../network/cidr.ts';
import { type Block, BLOCK_LIMITS, type BlockFacts, type BlockPatterns } from './block.ts';

/** Who is blocked, in memory: a login costs a look-up per kind and prefix length, and one run over the patterns. */
export interface BlockList {
  readonly size: number;
  /** Puts exactly these in force. */
  use(blocks: readonly Block[]): void;
  /** Adds those or puts them in the place of the one with their id, and forgets the others. */
  change(put: readonly Block[], removed: readonly string[]): void;
  /** The block that meets these facts at this time; exact ones before networks before patterns. */
  find(facts: BlockFacts, now: number): Block | undefined;
}

/**
 * Makes an empty list.
 *
 * @example
 * const list = createBlockList(patterns);
 * list.use([{ id: '1', kind: 'cidr', value: '203.0.113.0/24', expiresAt: null }]);
 * list.find({ clientId: 'a', names: [], ip: '203.0.113.9', fingerprint: undefined }, now)?.id; // '1'
 */
export const createBlockList = (patterns: Pick<BlockPatterns, 'compile'>): BlockList =>
  new IndexedBlocks(patterns);

/** An index per kind. What is looked up is a text, so that one map serves all but patterns. */
class IndexedBlocks implements BlockList {
  readonly #compile: BlockPatterns['compile'];
  readonly #byId = new Map<string, Block>();
  #byKey = new Map<string, Block>();
  /** Prefix lengths in use, by bytes of the address, longest first: the narrowest network is named. */
  #prefixBits: ReadonlyMap<number, readonly number[]> = new Map();
  #patterns: readonly Block[] = [];
  #matchPattern: ((text: string) => number | undefined) | undefined;

  constructor({ compile }: Pick<BlockPatterns, 'compile'>) {
    this.#compile = compile;
  }

  get size(): number {
    return this.#byId.size;
  }

  use(blocks: readonly Block[]): void {
    this.#byId.clear();
    this.change(blocks, []);
  }

  change(put: readonly Block[], removed: readonly string[]): void {
    for (const id of removed) this.#byId.delete(id);
    for (const block of put) this.#byId.set(block.id, block);
    this.#index();
  }

  find(facts: BlockFacts, now: number): Block | undefined {
    if (this.#byId.size === 0) return undefined;
    for (const key of exactKeys(facts)) {
      const block = inForce(this.#byKey.get(key), now);
      if (block !== undefined) return block;
    }
    return this.#findAddress(facts.ip, now) ?? this.#findPattern(facts, now);
  }

  #findAddress(ip: string | undefined, now: number): Block | undefined {
    const bytes = ip === undefined ? undefined : parseAddress(ip);
    if (bytes === undefined) return undefined;
    const bits = bitsOf(bytes);
    const exact = inForce(this.#byKey.get(`ip ${bits}`), now);
    if (exact !== undefined) return exact;
    for (const length of this.#prefixBits.get(bytes.length) ?? []) {
      const block = inForce(this.#byKey.get(networkKey(bytes.length, bits.slice(0, length))), now);
      if (block !== undefined) return block;
    }
    return undefined;
  }

  #findPattern({ clientId, names }: BlockFacts, now: number): Block | undefined {
    const match = this.#patternTest(now);
    if (match === undefined) return undefined;
    for (const text of [clientId, ...names]) {
      const index = match(text.slice(0, BLOCK_LIMITS.patternTextUnitsMax));
      const block = index === undefined ? undefined : this.#patterns[index];
      if (block !== undefined) return block;
    }
    return undefined;
  }

  /** The test of the patterns in force: one that has ended since it was made would hide those that have not. */
  #patternTest(now: number): ((text: string) => number | undefined) | undefined {
    if (this.#patterns.some((block) => inForce(block, now) === undefined)) this.#usePatterns(now);
    return this.#matchPattern;
  }

  #index(): void {
    this.#byKey = new Map();
    const lengths = new Map<number, Set<number>>();
    for (const block of this.#byId.values()) {
      for (const key of keysOf(block)) this.#byKey.set(key, block);
      const cidr = block.kind === 'cidr' ? parseCidr(block.value) : undefined;
      if (cidr === undefined) continue;
      const known = lengths.get(cidr.addressBytes) ?? new Set();
      lengths.set(cidr.addressBytes, known.add(cidr.prefix.length));
    }
    this.#prefixBits = new Map(
      [...lengths].map(([family, bits]) => [family, [...bits].sort((one, other) => other - one)]),
    );
    this.#usePatterns(Number.NEGATIVE_INFINITY);
  }

  #usePatterns(now: number): void {
    this.#patterns = [...this.#byId.values()].filter(
      (block) => block.kind === 'pattern' && inForce(block, now) !== undefined,
    );
    this.#matchPattern =
      this.#patterns.length === 0 ? undefined : this.#compile(this.#patterns.map(({ value }) => value));
  }
}

const inForce = (block: Block | undefined, now: number): Block | undefined =>
  block === undefined || (block.expiresAt !== null && block.expiresAt <= now) ? undefined : block;

const networkKey = (addressBytes: number, prefix: string): string => `net${addressBytes} ${prefix}`;

/** In the order in which a block is named. */
const exactKeys = ({ clientId, names, fingerprint }: BlockFacts): readonly string[] => [
  `id ${clientId}`,
  ...names.map((name) => `name ${name}`),
  ...(fingerprint === undefined ? [] : [`cert ${fingerprint}`]),
];

function keysOf({ kind, value }: Block): readonly string[] {
  switch (kind) {
    case 'clientId':
      return [`id ${value}`];
    case 'username':
      return [`name ${value}`];
    case 'fingerprint':
      return [`cert ${value}`];
    case 'ip': {
      const bytes = parseAddress(value);
      return bytes === undefined ? [] : [`ip ${bitsOf(bytes)}`];
    }
    case 'cidr': {
      const cidr = parseCidr(value);
      return cidr === undefined ? [] : [networkKey(cidr.addressBytes, cidr.prefix)];
    }
    case 'pattern':
      return [];
  }
}
