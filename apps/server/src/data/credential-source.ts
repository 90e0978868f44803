import type { Clock, ControlEvent, CredentialSource, LookupStrategy, MaybePromise } from '@gatehouse/ports';
import { type Attempt, oldestOf, type StoredCredential } from '@gatehouse/auth-core';
import type { IdentityFilter } from '../identity-filter.ts';
import { DATA_BOUNDS } from './bounds.ts';
import { TaggedCache } from './tagged-cache.ts';

export interface CredentialQuery {
  readonly username: string | undefined;
  readonly clientId: string;
  readonly strategy: LookupStrategy;
}
type Found = readonly StoredCredential[];
type CredentialChange = Extract<ControlEvent, { readonly kind: 'credentials-changed' }>['changes'][number];

export interface CredentialSourceOptions {
  /** Asks the store, many at once, in the order asked. */
  readonly lookup: (queries: readonly CredentialQuery[]) => Promise<readonly Found[]>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** When the queries of a tick are sent; `setImmediate` unless told otherwise (tests). */
  readonly schedule?: (send: () => void) => void;
}

/** A credential source that answers from memory where it can. */
export interface CachedCredentialSource extends CredentialSource {
  /** From now on, identities that this filter says nobody has are not asked for. */
  use(identities: Pick<IdentityFilter, 'mayHave'>): void;
  /** Voids what these changes touch, also what is on its way. */
  changed(changes: readonly CredentialChange[]): void;
  /** The version of this credential as it is in the cache for this client; undefined when it is not there. */
  versionOf(credentialId: string, client: Pick<Attempt, 'username' | 'clientId'>): number | undefined;
  /** Asks the store again next time, without calling it a change: only its hash is another. */
  forget(credentialId: string): void;
  /** Changes heard of so far. */
  changeCount(): number;
  /**
   * The count at this credential's last change, or at the newest change that is no longer remembered: so it may be
   * taken for changed, never for unchanged. A decision begun before is to be taken again.
   */
  changesOf(credentialId: string): number;
}

interface InFlight {
  readonly query: CredentialQuery;
  readonly promise: Promise<Found | 'unavailable'>;
  /** A change came after the question was sent: the answer may be older than it. */
  raced: boolean;
}

interface Queued {
  readonly query: CredentialQuery;
  readonly resolve: (found: Found | 'unavailable') => void;
}

const STRATEGIES: readonly LookupStrategy[] = ['both', 'username', 'clientid'];

const byUsername = (username: string): string => `u${username}`;
const byClientId = (clientId: string): string => `c${clientId}`;
const byCredential = (id: string): string => `i${id}`;

/** Only what the strategy goes by: a fleet with one username shares one answer. */
function keyOf({ strategy, username, clientId }: CredentialQuery): string {
  const name = strategy === 'clientid' ? undefined : username;
  const id = strategy === 'username' ? '' : clientId;
  // With its length, so that a name and an ID never read as another name and another ID.
  return name === undefined ? `${strategy} - ${id}` : `${strategy} ${name.length} ${name}${id}`;
}

const NONE: Found = [];

/** The question without the identities that nobody has; undefined when none is left. */
function narrowed(
  query: CredentialQuery,
  identities: Pick<IdentityFilter, 'mayHave'> | undefined,
): CredentialQuery | undefined {
  if (identities === undefined) return query;
  const { strategy, username, clientId } = query;
  const byName =
    strategy !== 'clientid' && username !== undefined && identities.mayHave('username', username);
  const byId = strategy !== 'username' && identities.mayHave('clientId', clientId);
  if (byName && byId) return query;
  if (byName) return { ...query, strategy: 'username' };
  return byId ? { ...query, strategy: 'clientid' } : undefined;
}

function tagsOf(query: CredentialQuery, found: Found): readonly string[] {
  const tags = found.map((credential) => byCredential(credential.id));
  if (query.strategy !== 'username') tags.push(byClientId(query.clientId));
  if (query.strategy !== 'clientid' && query.username !== undefined) tags.push(byUsername(query.username));
  return tags;
}

class CachedSource implements CachedCredentialSource {
  readonly #lookup: CredentialSourceOptions['lookup'];
  readonly #schedule: (send: () => void) => void;
  readonly #hits: TaggedCache<Found>;
  readonly #misses: TaggedCache<Found>;
  readonly #inFlight = new Map<string, InFlight>();
  readonly #changes = new Map<string, number>();
  readonly #oldestChange = oldestOf(this.#changes);
  #changeCount = 0;
  /** The count of the newest change that made room for others. */
  #forgottenUpTo = 0;
  #identities: Pick<IdentityFilter, 'mayHave'> | undefined;
  #queue: Queued[] = [];
  #sending = false;

  constructor(options: CredentialSourceOptions) {
    const { clock } = options;
    this.#lookup = options.lookup;
    this.#schedule = options.schedule ?? ((send) => void setImmediate(send));
    this.#hits = new TaggedCache({
      clock,
      entriesMax: DATA_BOUNDS.credentialHitsMax,
      ttlMs: DATA_BOUNDS.credentialHitTtlMs,
    });
    this.#misses = new TaggedCache({
      clock,
      entriesMax: DATA_BOUNDS.credentialMissesMax,
      ttlMs: DATA_BOUNDS.credentialMissTtlMs,
    });
  }

  use(identities: Pick<IdentityFilter, 'mayHave'>): void {
    this.#identities = identities;
  }

  find(asked: CredentialQuery): MaybePromise<Found | 'unavailable'> {
    const query = narrowed(asked, this.#identities);
    if (query === undefined) return NONE;
    const key = keyOf(query);
    const known = this.#hits.get(key) ?? this.#misses.get(key) ?? this.#inFlight.get(key)?.promise;
    if (known !== undefined) return known;
    if (this.#inFlight.size >= DATA_BOUNDS.lookupsInFlightMax) return 'unavailable';
    const flight: InFlight = { query, promise: this.#ask(key, query), raced: false };
    this.#inFlight.set(key, flight);
    return flight.promise;
  }

  changed(changes: readonly CredentialChange[]): void {
    const tags = new Set(changes.flatMap((change) => [byCredential(change.id), ...identityTags(change)]));
    for (const tag of tags) {
      this.#hits.voidTag(tag);
      this.#misses.voidTag(tag);
    }
    for (const flight of this.#inFlight.values()) {
      if (tagsOf(flight.query, []).some((tag) => tags.has(tag))) flight.raced = true;
    }
    for (const change of changes) this.#remember(change.id);
  }

  versionOf(
    credentialId: string,
    { username, clientId }: Pick<Attempt, 'username' | 'clientId'>,
  ): number | undefined {
    for (const strategy of STRATEGIES) {
      const found = this.#hits
        .get(keyOf({ username, clientId, strategy }))
        ?.find(({ id }) => id === credentialId);
      if (found !== undefined) return found.version;
    }
    return undefined;
  }

  forget(credentialId: string): void {
    this.#hits.voidTag(byCredential(credentialId));
  }

  changeCount(): number {
    return this.#changeCount;
  }

  changesOf(credentialId: string): number {
    return this.#changes.get(credentialId) ?? this.#forgottenUpTo;
  }

  #remember(id: string): void {
    this.#changes.delete(id);
    this.#changes.set(id, ++this.#changeCount);
    const oldest = this.#changes.size > DATA_BOUNDS.recentChangesMax ? this.#oldestChange() : undefined;
    if (oldest === undefined) return;
    this.#forgottenUpTo = this.#changes.get(oldest) ?? this.#forgottenUpTo;
    this.#changes.delete(oldest);
  }

  /** Asks until an answer is certainly newer than every change that was heard of meanwhile. */
  async #ask(key: string, query: CredentialQuery): Promise<Found | 'unavailable'> {
    try {
      for (let round = 0; round <= DATA_BOUNDS.lookupRetriesMax; round++) {
        const found = await this.#enqueue(query);
        if (found === 'unavailable') return found;
        const flight = this.#inFlight.get(key);
        if (flight?.raced !== true) {
          this.#keep(key, query, found);
          return found;
        }
        flight.raced = false;
      }
      return 'unavailable';
    } finally {
      this.#inFlight.delete(key);
    }
  }

  #keep(key: string, query: CredentialQuery, found: Found): void {
    if (key.length > DATA_BOUNDS.cachedIdentityCharactersMax) return;
    (found.length > 0 ? this.#hits : this.#misses).set(key, found, tagsOf(query, found));
  }

  async #enqueue(query: CredentialQuery): Promise<Found | 'unavailable'> {
    return new Promise((resolve) => {
      this.#queue.push({ query, resolve });
      if (this.#queue.length === 1 && !this.#sending) this.#schedule(() => void this.#sendAll());
    });
  }

  /** What is asked while an answer is awaited goes together once it is there: few messages when many ask. */
  async #sendAll(): Promise<void> {
    this.#sending = true;
    while (this.#queue.length > 0) await this.#send();
    this.#sending = false;
  }

  async #send(): Promise<void> {
    const queue = this.#queue;
    this.#queue = [];
    const sent: Promise<void>[] = [];
    for (let start = 0; start < queue.length; start += DATA_BOUNDS.lookupBatchMax) {
      sent.push(this.#sendBatch(queue.slice(start, start + DATA_BOUNDS.lookupBatchMax)));
    }
    await Promise.all(sent);
  }

  async #sendBatch(batch: readonly Queued[]): Promise<void> {
    const answers = await this.#lookup(batch.map((queued) => queued.query)).catch(() => []);
    batch.forEach((queued, index) => queued.resolve(answers[index] ?? 'unavailable'));
  }
}

function identityTags(change: CredentialChange): string[] {
  return [
    ...(change.username === null ? [] : [byUsername(change.username)]),
    ...(change.clientId === null ? [] : [byClientId(change.clientId)]),
  ];
}

/**
 * The data plane's view of the built-in credentials: bounded, batched per tick, one question per identity at a time,
 * and never a cached answer that is older than a change it was told of.
 */
export const createCredentialSource = (options: CredentialSourceOptions): CachedCredentialSource =>
  new CachedSource(options);
