import type {
  AclRule,
  ScramMechanism,
  StoredPskCredential,
  StoredScramCredential,
  X509MatchValue,
} from '@gatehouse/auth-core';

/** What a credential is proved by. */
export const CREDENTIAL_TYPES = ['basic', 'x509', 'scram', 'psk'] as const;
export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

/** Bounds of what the data plane holds in memory whole. */
export const CREDENTIAL_LIMITS = {
  /** X.509 credentials by pattern: each login by certificate is held against all of them. */
  patternsMax: 1_000,
  /** Pre-shared keys of the store: OpenSSL asks for them in the middle of a handshake. */
  pskMax: 100_000,
  /** What OpenSSL takes (`PSK_MAX_IDENTITY_LEN`, `PSK_MAX_PSK_LEN`). */
  pskIdentityBytesMax: 256,
  pskKeyBytesMax: 512,
  /** 128 bits: a shorter key can be found by trying. */
  pskKeyBytesMin: 16,
} as const;

/** Rules for the common names that an RE2 expression matches whole. */
export interface CnRules {
  readonly pattern: string;
  readonly rules: readonly AclRule[];
}

/** What an X.509 credential has besides what all have. */
export interface X509Facts {
  readonly type: 'x509';
  /** Null in a record that cannot be read, and only there. */
  readonly match: X509MatchValue | null;
  /** In order; null: its own rules alone hold. */
  readonly rulesByCn: readonly CnRules[] | null;
  readonly skipValidity: boolean;
}

/** What a credential is, beyond what all types have. Secrets stay inside. */
export type CredentialFacts =
  | { readonly type: 'basic' }
  | X509Facts
  /** `mechanisms` and `iterations` are what its password was last set with; empty and null before. */
  | {
      readonly type: 'scram';
      readonly mechanisms: readonly ScramMechanism[];
      readonly iterations: number | null;
    }
  | { readonly type: 'psk'; readonly identity: string };

/** What is written of them: a SCRAM credential has its facts from its secret. */
export type CredentialFactsWrite =
  Exclude<CredentialFacts, { readonly type: 'scram' }> | { readonly type: 'scram' };

/** What the data plane asks about credentials that are not basic. */
export type TypedQuery =
  /** Those whose match has one of these keys (`x509KeyOf`). */
  | { readonly by: 'x509-keys'; readonly keys: readonly string[] }
  /** Those that match by a pattern, all of them. */
  | { readonly by: 'x509-patterns' }
  /** As SASLprep has it. */
  | { readonly by: 'scram-username'; readonly username: string }
  | { readonly by: 'psk-identity'; readonly identity: string }
  | { readonly by: 'id'; readonly id: string };

/** An X.509 credential as it is stored: its patterns are not compiled yet. */
export interface X509Record {
  readonly type: 'x509';
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly match: X509MatchValue;
  readonly rules: readonly AclRule[];
  readonly rulesByCn: readonly CnRules[] | null;
  readonly superuser: boolean;
  readonly tags?: readonly string[];
  readonly enabled: boolean;
  readonly expiresAt: number | null;
  readonly skipValidity: boolean;
}

/** What the store has for a {@link TypedQuery}: plain data that can go to another thread. */
export type TypedRecord =
  | X509Record
  /** `key` is what it is found by, as far as that can be read. */
  | { readonly type: 'x509'; readonly id: string; readonly unparsable: string; readonly key: string }
  | { readonly type: 'scram'; readonly id: string; readonly credential: StoredScramCredential }
  | { readonly type: 'psk'; readonly id: string; readonly credential: StoredPskCredential };

export interface TypedFound {
  readonly records: readonly TypedRecord[];
  /** Of `x509-patterns`: whether there is any X.509 credential, and whether one goes by a common name. */
  readonly x509?: { readonly isEmpty: boolean; readonly byCommonName: boolean };
}

/** A pre-shared key as the listeners need it. */
export interface PskKey {
  readonly credentialId: string;
  readonly identity: string;
  readonly key: Uint8Array;
  /** When it was set, milliseconds since the epoch. */
  readonly changedAt: number;
}

/** The same as it is stored: sealed, with the credential's id as its context. */
export interface SealedPskKey extends Omit<PskKey, 'key'> {
  readonly sealed: string;
}
