import type { Clock, ControlEvent, CredentialSource, LookupStrategy, MaybePromise } from '@gatehouse/ports';
import { type Attempt, oldestOf, type StoredCredential } from '@gatehouse/auth-core';
import type { IdentityFilter } from '../identity-filter.ts';
import { BatchedCache } from './batched-cache.ts';
import { DATA_BOUNDS } from './bounds.ts';

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
  /** Voids everything, as `changed` does. */
  everythingChanged(): void;
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

function tagsOf(query: CredentialQuery, found: Found = NONE): readonly string[] {
  const tags = found.map((credential) => byCredential(credential.id));
  if (query.strategy !== 'username') tags.push(byClientId(query.clientId));
  if (query.strategy !== 'clientid' && query.username !== undefined) tags.push(byUsername(query.username));
  return tags;
}

class CachedSource implements CachedCredentialSource {
  readonly #cache: BatchedCache<CredentialQuery, Found>;
  readonly #changes = new Map<string, number>();
  readonly #oldestChange = oldestOf(this.#changes);
  #changeCount = 0;
  /** The count of the newest change that made room for others. */
  #forgottenUpTo = 0;
  #identities: Pick<IdentityFilter, 'mayHave'> | undefined;

  constructor({ lookup, clock, schedule }: CredentialSourceOptions) {
    this.#cache = new BatchedCache({
      ask: lookup,
      keyOf,
      tagsOf,
      isHit: (found) => found.length > 0,
      clock,
      ...(schedule === undefined ? {} : { schedule }),
    });
  }

  use(identities: Pick<IdentityFilter, 'mayHave'>): void {
    this.#identities = identities;
  }

  find(asked: CredentialQuery): MaybePromise<Found | 'unavailable'> {
    const query = narrowed(asked, this.#identities);
    return query === undefined ? NONE : this.#cache.find(query);
  }

  changed(changes: readonly CredentialChange[]): void {
    const tags = new Set(changes.flatMap((change) => [byCredential(change.id), ...identityTags(change)]));
    this.#cache.voidTags(tags);
    for (const change of changes) this.#remember(change.id);
  }

  everythingChanged(): void {
    this.#cache.voidAll();
    this.#changes.clear();
    this.#forgottenUpTo = ++this.#changeCount;
  }

  versionOf(
    credentialId: string,
    { username, clientId }: Pick<Attempt, 'username' | 'clientId'>,
  ): number | undefined {
    for (const strategy of STRATEGIES) {
      const found = this.#cache.peek({ username, clientId, strategy })?.find(({ id }) => id === credentialId);
      if (found !== undefined) return found.version;
    }
    return undefined;
  }

  forget(credentialId: string): void {
    this.#cache.forgetHits(byCredential(credentialId));
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
