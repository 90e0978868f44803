/** Who a person is at an identity provider. Found by issuer and subject, never by an address. */
export interface UserIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly userId: string;
  /** As the provider had it when it was linked; shown, not compared. */
  readonly email: string | null;
  readonly linkedAt: number;
  readonly lastUsedAt: number | null;
}

export interface UserIdentityRepository {
  find(issuer: string, subject: string): Promise<UserIdentity | null>;
  /** Of every person where none is named. */
  list(userId?: string): Promise<readonly UserIdentity[]>;
  /** False when somebody has this identity, or the person has another of this issuer. */
  link(identity: UserIdentity): Promise<boolean>;
  touch(issuer: string, subject: string, now: number): Promise<void>;
  /** Takes all off that the person has; how many. */
  unlink(userId: string): Promise<number>;
}

/** What was begun at a provider and comes back with the browser; it is kept sealed meanwhile. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUrl: string;
  /** Milliseconds since the epoch, by the provider client's clock. */
  readonly startedAt: number;
  /** The person has to sign in at the provider anew. */
  readonly fresh: boolean;
}

/** Who the provider says somebody is; signature, issuer, audience, nonce and times have been checked. */
export interface ProvenIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
  /** What the claim of the roles holds. */
  readonly roleValues: readonly string[];
}

/**
 * Why there is no identity. `unavailable`: the provider cannot be asked now. `failed`: it said no, or what came back does
 * not fit what was asked. The words are safe to show.
 */
export interface ProviderFailure {
  readonly failure: 'unavailable' | 'failed';
  readonly problem: string;
}

/** An OpenID Connect provider that people may sign in at. Nothing of it rejects. */
export interface IdentityProvider {
  begin(options: {
    readonly redirectUrl: string;
    readonly fresh: boolean;
  }): Promise<{ readonly url: string; readonly pending: PendingSignIn } | ProviderFailure>;
  /** `query`: what the provider added to the redirect URL. */
  finish(pending: PendingSignIn, query: string): Promise<ProvenIdentity | ProviderFailure>;
  /** Whether it can be asked now. */
  probe(): Promise<{ readonly ok: true } | ProviderFailure>;
}
