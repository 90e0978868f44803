/** Bits per identity and probes per question: about one question in 400 about an unknown identity is answered "maybe". */
const BITS_PER_IDENTITY = 16;
const PROBES = 4;
/** Identities that there is room for at least. */
const IDENTITIES_MIN = 131_072;
/** Room for growth until the next start; beyond it more questions are answered "maybe", and none wrongly. */
const GROWTH = 4;
/** 32 MiB: what a filter takes at most. */
const WORDS_MAX = 8_388_608;

const COMPLETE = 0;
const HEADER_WORDS = 1;
const WORD_BITS = 32;
const BYTES_PER_WORD = 4;

type Kind = 'username' | 'clientId';

/**
 * Which usernames and client IDs some credential has, in memory that two threads share: a Bloom filter. The control
 * plane adds an identity before anybody is told that its credential exists, so that the data plane may take "no" for an
 * answer without asking. Nothing is ever removed: a deleted identity costs a question.
 */
export class IdentityFilter {
  /** What the other thread makes its own view of. */
  readonly shared: SharedArrayBuffer;
  readonly #words: Uint32Array;
  readonly #bitMask: number;

  constructor(shared: SharedArrayBuffer) {
    this.shared = shared;
    this.#words = new Uint32Array(shared);
    this.#bitMask = (this.#words.length - HEADER_WORDS) * WORD_BITS - 1;
  }

  /** An empty filter with room for several times as many identities as there are. */
  static forIdentities(count: number): IdentityFilter {
    const bits = Math.max(IDENTITIES_MIN, count * GROWTH) * BITS_PER_IDENTITY;
    const words = Math.min(WORDS_MAX, 2 ** Math.ceil(Math.log2(bits / WORD_BITS)));
    return new IdentityFilter(new SharedArrayBuffer((words + HEADER_WORDS) * BYTES_PER_WORD));
  }

  add(kind: Kind, identity: string): void {
    const start = startOf(kind, identity);
    const step = stepOf(kind, identity);
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = this.#bit(start, step, probe);
      Atomics.or(this.#words, wordOf(bit), maskOf(bit));
    }
  }

  /** Every identity that was there at start has been added: from now on "no" is certain. */
  complete(): void {
    Atomics.store(this.#words, COMPLETE, 1);
  }

  /** False: no credential has it. True: one may. */
  mayHave(kind: Kind, identity: string): boolean {
    if (Atomics.load(this.#words, COMPLETE) === 0) return true;
    const start = startOf(kind, identity);
    const step = stepOf(kind, identity);
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = this.#bit(start, step, probe);
      if ((Atomics.load(this.#words, wordOf(bit)) & maskOf(bit)) === 0) return false;
    }
    return true;
  }

  #bit(start: number, step: number, probe: number): number {
    return ((start + Math.imul(probe, step)) & this.#bitMask) >>> 0;
  }
}

const wordOf = (bit: number): number => HEADER_WORDS + Math.floor(bit / WORD_BITS);
const maskOf = (bit: number): number => 1 << (bit % WORD_BITS);

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** Of another hash, so that identities that agree in one differ in the other. */
const OTHER_OFFSET = 0x9e3779b9;
const OTHER_PRIME = 0x85ebca6b;

const startOf = (kind: Kind, identity: string): number => hashOf(kind, identity, FNV_OFFSET, FNV_PRIME);
/** Odd, so that the probes differ. */
const stepOf = (kind: Kind, identity: string): number =>
  hashOf(kind, identity, OTHER_OFFSET, OTHER_PRIME) | 1;

/** FNV-1a over UTF-16 units, mixed at its end. */
function hashOf(kind: Kind, identity: string, offset: number, prime: number): number {
  let hash = kind === 'username' ? offset : ~offset;
  for (let at = 0; at < identity.length; at++) hash = Math.imul(hash ^ identity.charCodeAt(at), prime);
  const folded = Math.imul(hash ^ (hash >>> 16), OTHER_PRIME);
  return folded ^ (folded >>> 13);
}
