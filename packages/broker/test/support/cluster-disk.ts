import {
  type Claim,
  type Claimed,
  type ClusterStore,
  type Committed,
  type Interest,
  type InterestNews,
  type JournalSegment,
  type Letter,
  LockLost,
  type RetainedChange,
  type SharedJournalStore,
  type SharedPart,
  type Transfer,
} from '@gatehouse/ports';

interface Asked {
  readonly node: string;
  readonly incarnation: number;
  /** Undefined: something holds it up. */
  readonly run: () => (() => void) | undefined;
}

interface InterestRow extends Interest {
  readonly node: string;
  readonly live: boolean;
  readonly epoch: number;
  readonly by: string;
}

interface RetainedRow {
  readonly topic: string;
  readonly bytes: Buffer | undefined;
  readonly version: number;
}

/** What one node is given of the database; a new one after each start. */
export interface NodeLinks {
  readonly journal: SharedJournalStore;
  readonly store: ClusterStore;
}

const keyOf = (node: string, { group, filter }: Interest): string => `${node}\0${group}\0${filter}`;

/** The database of several nodes as their ports promise it, turned by the test: what was asked happens when it says so. */
export class ClusterDisk {
  /** Whether what is asked happens by itself. */
  lands = true;
  readonly #segments = new Map<string, JournalSegment[]>();
  readonly #incarnations = new Map<string, number>();
  /** Nodes whose lease has ended. */
  readonly #dead = new Set<string>();
  /** Nodes that are gone for good, and who has inherited them: what is for them goes there. */
  readonly #gone = new Map<string, string>();
  /** Nodes that are being inherited, and by whom. */
  readonly #heirs = new Map<string, string>();
  readonly #interest = new Map<string, InterestRow>();
  #mail: Letter[] = [];
  readonly #claims = new Map<string, { readonly node: string; readonly owner: string }>();
  readonly #retained = new Map<string, RetainedRow>();
  #asked: Asked[] = [];
  #lock: string | undefined;
  #epoch = 0;
  #lastLetter = 0;
  #lastVersion = 0;

  /** Whether another goes on with what this node had. */
  isInherited(node: string): boolean {
    return this.#heirs.has(node);
  }

  /** A node takes its place. */
  join(node: string): NodeLinks {
    const incarnation = (this.#incarnations.get(node) ?? 0) + 1;
    this.#incarnations.set(node, incarnation);
    this.#dead.delete(node);
    this.#gone.delete(node);
    if (this.#lock === node) this.#lock = undefined;
    return { journal: this.#journalOf(node, incarnation), store: this.#storeOf(node, incarnation) };
  }

  /** Its process ends. What it has asked may have happened; nobody is told. */
  kill(node: string, happens: () => boolean): void {
    const own = this.#asked.filter((asked) => asked.node === node);
    this.#asked = this.#asked.filter((asked) => asked.node !== node);
    for (const { run } of own) {
      if (!happens()) break;
      run();
    }
    if (this.#lock === node) this.#lock = undefined;
    this.#incarnations.set(node, (this.#incarnations.get(node) ?? 0) + 1);
    for (const [dead, heir] of this.#heirs) {
      if (heir !== node) continue;
      this.#heirs.delete(dead);
      this.#dead.add(dead);
    }
  }

  /** Its lease ends: others may go on with what it had. */
  endLease(node: string): void {
    this.#dead.add(node);
  }

  /** The connection that holds the lock breaks. */
  breakLock(): void {
    this.#lock = undefined;
  }

  /** Lets everything happen that was asked, and that nothing holds up. */
  land(): void {
    for (let happened = true; happened;) {
      happened = false;
      for (const asked of [...this.#asked]) {
        if (!this.#asked.includes(asked)) continue;
        if (this.#incarnations.get(asked.node) !== asked.incarnation) {
          this.#asked.splice(this.#asked.indexOf(asked), 1);
          continue;
        }
        const answer = asked.run();
        if (answer === undefined) continue;
        this.#asked.splice(this.#asked.indexOf(asked), 1);
        answer();
        happened = true;
      }
    }
  }

  #ask<T>(
    node: string,
    incarnation: number,
    run: () => { readonly answer: T } | { readonly error: Error } | undefined,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#asked.push({
        node,
        incarnation,
        run: () => {
          const result = run();
          if (result === undefined) return undefined;
          return () => {
            if ('error' in result) reject(result.error);
            else resolve(result.answer);
          };
        },
      });
      if (this.lands) this.land();
    });
  }

  #journalOf(node: string, incarnation: number): SharedJournalStore {
    const segments = this.#segments.get(node) ?? [];
    this.#segments.set(node, segments);
    let hasLock = false;
    const isFree = (): boolean => this.#lock === undefined || this.#lock === node;
    return {
      read: (after) => Promise.resolve(segments.filter(({ number }) => number > after).slice(0, 3)),
      append: () => Promise.reject(new Error('a node among others commits')),
      dropBefore: (number) => {
        if (this.#incarnations.get(node) !== incarnation) return;
        const kept = segments.filter((segment) => segment.number >= number);
        segments.splice(0, segments.length, ...kept);
      },
      onHealth: () => undefined,
      close: () => Promise.resolve(),
      commit: (segment, part) =>
        this.#ask<Committed>(node, incarnation, () => {
          if (hasLock) {
            hasLock = false;
            if (this.#lock !== node) return { error: new LockLost('the connection broke') };
            this.#write(node, segments, segment, part);
            this.#lock = undefined;
            return { answer: { outcome: 'committed', epoch: this.#epoch } };
          }
          const needs = part.matchedAt !== undefined || changesInterest(part);
          if (needs && !isFree()) return undefined;
          if (part.matchedAt !== undefined && part.matchedAt < this.#epoch)
            return { answer: { outcome: 'stale' } };
          this.#write(node, segments, segment, part);
          return { answer: { outcome: 'committed', epoch: this.#epoch } };
        }),
      interestSince: (epoch) => this.#ask(node, incarnation, () => ({ answer: this.#newsFor(node, epoch) })),
      letters: (but) =>
        this.#ask(node, incarnation, () => ({
          answer: this.#mail.filter(({ to, id }) => to === node && !but.includes(id)).slice(0, 5),
        })),
      lock: (epoch, inherits) =>
        this.#ask(node, incarnation, () => {
          if (!isFree()) return undefined;
          this.#lock = node;
          hasLock = true;
          const own = this.#mail.filter(({ to }) => to === node);
          const dead = this.#mail.filter(({ to }) => to === inherits);
          return { answer: { ...this.#newsFor(node, epoch), letters: [...own, ...dead] } };
        }),
    };
  }

  #storeOf(node: string, incarnation: number): ClusterStore {
    return {
      cluster: 'simulated',
      claim: (claims) =>
        this.#ask(node, incarnation, () => ({ answer: claims.map((claim) => this.#claim(node, claim)) })),
      ownClaims: () =>
        this.#ask(node, incarnation, () => {
          const own = [...this.#claims].filter(([, row]) => row.node === node);
          return { answer: own.map(([clientId]) => clientId) };
        }),
      resetInterest: (interests) =>
        this.#ask(node, incarnation, () => {
          if (this.#lock !== undefined) return undefined;
          const wanted = new Set(interests.map((interest) => keyOf(node, interest)));
          const ends = [...this.#interest].filter(
            ([key, row]) => row.node === node && row.live && !wanted.has(key),
          );
          this.#change(
            node,
            node,
            interests,
            ends.map(([, row]) => row),
          );
          return { answer: undefined };
        }),
      retainedSince: (place) =>
        this.#ask(node, incarnation, () => ({
          answer: {
            place: String(this.#lastVersion),
            news: [...this.#retained.values()].filter(({ version }) => version > Number(place ?? 0)),
          },
        })),
      expireRetained: (expired) =>
        this.#ask(node, incarnation, () => {
          for (const { topic, version } of expired) {
            if (this.#retained.get(topic)?.version === version)
              this.#retain({ topic, bytes: undefined, unlessKnown: false });
          }
          return { answer: undefined };
        }),
      nodes: () => Promise.resolve([]),
      fence: () =>
        this.#ask(node, incarnation, () => {
          const [dead] = [...this.#dead].filter((one) => one !== node);
          if (dead === undefined) return { answer: undefined };
          this.#dead.delete(dead);
          this.#heirs.set(dead, node);
          const place = (this.#incarnations.get(dead) ?? 0) + 1;
          this.#incarnations.set(dead, place);
          return { answer: { node: dead, journal: this.#journalOf(dead, place) } };
        }),
    };
  }

  #write(node: string, segments: JournalSegment[], segment: JournalSegment, part: SharedPart): void {
    segments.push({ number: segment.number, bytes: Uint8Array.from(segment.bytes) });
    const transfers = part.transfers.map((transfer) => ({ ...transfer, to: this.#addressOf(transfer.to) }));
    const given = transfers.filter((transfer) => this.#mayGive(node, transfer));
    this.#change(node, node, part.listens, part.unlistens);
    for (const { to, listens } of given) this.#change(node, to, listens, []);
    for (const { to, bytes } of part.mail) this.#post(node, to, bytes);
    for (const transfer of transfers) this.#transfer(node, transfer, given.includes(transfer));
    this.#mail = this.#mail.filter(({ id }) => !part.taken.includes(id));
    for (const clientId of part.released)
      if (this.#claims.get(clientId)?.node === node) this.#claims.delete(clientId);
    for (const change of part.retained) this.#retain(change);
    if (part.inherits !== undefined) this.#inherit(node, part.inherits);
  }

  #mayGive(node: string, { clientId, to }: Transfer): boolean {
    const owner = this.#claims.get(clientId)?.node;
    return owner === undefined || owner === node || owner === to;
  }

  #transfer(node: string, { clientId, to, letter, forward }: Transfer, isGiven: boolean): void {
    const row = this.#claims.get(clientId);
    if (!isGiven) {
      this.#post(node, row?.node ?? to, forward);
      return;
    }
    this.#claims.set(clientId, { node: to, owner: row?.owner ?? '' });
    this.#post(node, to, letter);
  }

  #inherit(node: string, dead: string): void {
    const rows = [...this.#interest.values()].filter((row) => row.node === dead && row.live);
    this.#change(node, dead, [], rows);
    for (const [clientId, row] of this.#claims)
      if (row.node === dead) this.#claims.set(clientId, { ...row, node });
    this.#mail = this.#mail.map((letter) => (letter.to === dead ? { ...letter, to: node } : letter));
    this.#segments.set(dead, []);
    this.#heirs.delete(dead);
    this.#gone.set(dead, node);
  }

  #addressOf(node: string): string {
    const heir = this.#gone.get(node);
    return heir === undefined ? node : this.#addressOf(heir);
  }

  #post(from: string, to: string, bytes: Uint8Array): void {
    this.#lastLetter += 1;
    this.#mail.push({ id: this.#lastLetter, from, to: this.#addressOf(to), bytes: Buffer.from(bytes) });
  }

  #change(by: string, node: string, listens: readonly Interest[], ends: readonly Interest[]): void {
    const epoch = this.#epoch + 1;
    const put = ({ filter, group }: Interest, live: boolean): void => {
      const key = keyOf(node, { filter, group });
      // What is given to another must be heard of there, even where it has the same already.
      if (by === node && (this.#interest.get(key)?.live ?? false) === live) return;
      this.#interest.set(key, { node, filter, group, live, epoch, by });
      this.#epoch = epoch;
    };
    for (const interest of listens) put(interest, true);
    for (const interest of ends) put(interest, false);
  }

  #retain({ topic, bytes, unlessKnown }: RetainedChange): void {
    if (unlessKnown && this.#retained.has(topic)) return;
    this.#lastVersion += 1;
    const copy = bytes === undefined ? undefined : Buffer.from(bytes);
    this.#retained.set(topic, { topic, bytes: copy, version: this.#lastVersion });
  }

  #claim(node: string, { clientId, owner, force, letter }: Claim): Claimed {
    const row = this.#claims.get(clientId);
    if (row === undefined || row.node === node) {
      if (row === undefined || force) this.#claims.set(clientId, { node, owner });
      return { outcome: 'yours' };
    }
    if (row.owner !== owner && !force) return { outcome: 'owned-by-other' };
    this.#post(node, row.node, letter);
    return { outcome: 'asked', node: row.node };
  }

  #newsFor(node: string, since: number): InterestNews {
    const rows = [...this.#interest.values()].filter(
      (row) => row.epoch > since && (row.node !== node || row.by !== node),
    );
    return { epoch: this.#epoch, changes: rows };
  }
}

const changesInterest = ({ listens, unlistens, transfers, inherits }: SharedPart): boolean =>
  listens.length > 0 ||
  unlistens.length > 0 ||
  transfers.some((one) => one.listens.length > 0) ||
  inherits !== undefined;
