import type { AclRule } from '../acl/rule.ts';
import type { ChainCertificate } from '../attempt.ts';
import { andThen } from '../maybe-promise.ts';
import type { MaybePromise } from '../needs.ts';
import { type X509MatchValue, x509KeyOf, x509KeysOf } from './x509-keys.ts';

/** Whether a text is one that a pattern is about; made of RE2, matched whole. Linear in the text, never throws. */
export type TextMatcher = (text: string) => boolean;

/** What a certificate has to have for a credential to speak for it. */
export type X509Match =
  | Exclude<X509MatchValue, { readonly by: 'cn_pattern' }>
  | { readonly by: 'cn_pattern'; readonly pattern: string; readonly test: TextMatcher };

/** Rules for the common names that a pattern is about (the seed's "authorization rules for CN"). */
export interface RulesOfCn {
  readonly pattern: string;
  readonly test: TextMatcher;
  readonly rules: readonly AclRule[];
}

/** A credential for certificates, as the data plane sees it. `${cn}` in rules is the common name of the client's own. */
export interface X509Credential {
  readonly id: string;
  /** It lies in the store: sessions that it opens follow its changes. Absent for one of settings. */
  readonly isStored?: boolean;
  /** Raised by every change. */
  readonly version: number;
  readonly name: string;
  readonly match: X509Match;
  /** What every client of it may do; undefined where `rulesByCn` says so, or the default rules hold. */
  readonly rules: readonly AclRule[] | undefined;
  /** All that match the client's common name apply, in order; when none does, it may do nothing and is refused. */
  readonly rulesByCn: readonly RulesOfCn[] | undefined;
  readonly superuser: boolean;
  /** Global access rules may be about them; absent: none. */
  readonly tags?: readonly string[];
  readonly enabled: boolean;
  /** Milliseconds since the epoch; null never expires. */
  readonly expiresAt: number | null;
  /**
   * Admits a certificate that is expired or not yet valid, where that is all that is wrong with it and the listener
   * leaves the decision to the chain (`reject: chain`). Name constraints and policies of such a path are not looked at.
   */
  readonly skipValidity: boolean;
}

/** A record that could speak for the certificate but cannot be read: `X509_CREDENTIALS_UNPARSABLE`. */
export interface UnparsableX509Credential {
  readonly id: string;
  readonly unparsable: string;
}

/** A credential that matches, and the certificate of the chain that it matches: 0 is the client's own. */
export interface MatchedX509 {
  readonly credential: X509Credential;
  readonly depth: number;
}

export interface FoundX509 {
  /** Best first: nearer to the client's own certificate, then the more specific match, then the order of the source. */
  readonly matches: readonly MatchedX509[];
  readonly unparsable: readonly UnparsableX509Credential[];
  /** Some credential is matched by common name, so that a certificate without one may be the cause. */
  readonly byCommonName: boolean;
  /** There are no credentials at all. */
  readonly isEmpty?: boolean;
}

/** Where credentials for certificates come from; `unavailable` when the source cannot be asked. */
export interface X509Credentials {
  /** Those that speak for one of these certificates, which have verified or are judged afterwards. */
  find(certificates: readonly ChainCertificate[]): MaybePromise<FoundX509 | 'unavailable'>;
}

/** What is matched, the more specific first. */
export const X509_SPECIFIC_FIRST: readonly X509Match['by'][] = [
  'fingerprint',
  'issuer_serial',
  'cn',
  'san',
  'cn_pattern',
];

/** Credentials that lie in memory: exact ones by key, patterns one after the other. */
export function createX509List(credentials: readonly X509Credential[]): X509Credentials {
  const exact = new Map<string, X509Credential[]>();
  const patterns: X509Credential[] = [];
  for (const credential of credentials) {
    const key = x509KeyOf(credential.match);
    if (credential.match.by === 'cn_pattern') patterns.push(credential);
    else exact.set(key, [...(exact.get(key) ?? []), credential]);
  }
  const order = new Map(credentials.map((credential, index) => [credential, index]));
  const byCommonName = credentials.length === 0 || credentials.some(({ match }) => match.by.startsWith('cn'));
  return {
    find(certificates) {
      const matches = certificates.flatMap((certificate, depth) =>
        matching(certificate, exact, patterns)
          .toSorted((a, b) => rankOf(a) - rankOf(b) || (order.get(a) ?? 0) - (order.get(b) ?? 0))
          .map((credential) => ({ credential, depth })),
      );
      return { matches, unparsable: [], byCommonName, isEmpty: credentials.length === 0 };
    },
  };
}

/** Both sources as one; where they rank alike, the credentials of the first come first. */
export const joinX509 = (first: X509Credentials, second: X509Credentials): X509Credentials => ({
  find: (certificates) =>
    andThen(first.find(certificates), (a) =>
      andThen(second.find(certificates), (b) =>
        a === 'unavailable' || b === 'unavailable' ? 'unavailable' : joined(a, b),
      ),
    ),
});

const joined = (a: FoundX509, b: FoundX509): FoundX509 => ({
  matches: [...a.matches, ...b.matches].toSorted(
    (one, other) => one.depth - other.depth || rankOf(one.credential) - rankOf(other.credential),
  ),
  unparsable: [...a.unparsable, ...b.unparsable],
  byCommonName:
    (a.isEmpty === true && b.isEmpty === true) ||
    [a, b].some((one) => one.isEmpty !== true && one.byCommonName),
  isEmpty: a.isEmpty === true && b.isEmpty === true,
});

const rankOf = ({ match }: X509Credential): number => X509_SPECIFIC_FIRST.indexOf(match.by);

function matching(
  certificate: ChainCertificate,
  exact: ReadonlyMap<string, readonly X509Credential[]>,
  patterns: readonly X509Credential[],
): readonly X509Credential[] {
  const found = x509KeysOf(certificate).flatMap((key) => exact.get(key) ?? []);
  const { commonName } = certificate;
  const byPattern =
    commonName === undefined
      ? []
      : patterns.filter(({ match }) => match.by === 'cn_pattern' && match.test(commonName));
  return [...new Set([...found, ...byPattern])];
}
