import type { AclRule } from '../acl/rule.ts';
import type { Attempt, CertificateVerification, ChainCertificate } from '../attempt.ts';
import { andThen } from '../maybe-promise.ts';
import type { Authenticator, Clock } from '../needs.ts';
import type { ReasonCode } from '../reasons/index.ts';
import { type Grant, type SafeDetail, tagsOf, type Verdict } from '../verdict.ts';
import type { FoundX509, MatchedX509, X509Credential, X509Credentials } from './x509-credentials.ts';
import { rulesFor } from './x509-rules.ts';

export interface X509Options {
  readonly name: string;
  readonly credentials: X509Credentials;
  /** Whether credentials may match a certificate above the client's own: then one for a CA speaks for all below it. */
  readonly alongChain: boolean;
  readonly clock: Clock;
}

type Unverified = Extract<CertificateVerification, { verified: false }>;

const DATES: ReadonlySet<Unverified['problem']> = new Set(['expired', 'not-yet-valid']);

/**
 * The authenticator over client certificates (auth.md §4): the chain leads to the listener's CA first, then a credential
 * has to match it. A client without certificate, or with one that nobody knows, is the next step's business; a
 * certificate that does not verify is refused.
 */
export function createX509(options: X509Options): Authenticator {
  return {
    name: options.name,
    type: 'x509',
    check({ tls }: Attempt) {
      if (tls === null) return ignore('X509_TLS_NOT_USED', {});
      const { chain = [], verification } = tls;
      const [own] = chain;
      if (own === undefined || verification === undefined)
        return ignore('X509_CHAIN_EMPTY', { tls: tls.version });
      if (!verification.verified && !DATES.has(verification.problem)) return unverified(verification);
      const asked = options.alongChain ? chain : [own];
      return andThen(options.credentials.find(asked), (found) =>
        found === 'unavailable' ? UNAVAILABLE : decide(options, asked, own, { verification, found }),
      );
    },
  };
}

const UNAVAILABLE: Verdict = {
  outcome: 'error',
  reason: 'AUTHENTICATOR_ERROR',
  detail: { problem: 'credentials unavailable' },
};

interface Findings {
  readonly verification: CertificateVerification;
  readonly found: FoundX509;
}

function decide(
  options: X509Options,
  asked: readonly ChainCertificate[],
  own: ChainCertificate,
  { verification, found }: Findings,
): Verdict {
  const { matches, unparsable } = found;
  const usable = matches.filter(({ credential }) => verification.verified || credential.skipValidity);
  // Until the certificate has verified, nothing is told about the credentials that match it.
  if (usable.length === 0 && !verification.verified) return unverified(verification);
  const [best] = usable;
  if (best === undefined) {
    const [problem] = unparsable;
    if (problem === undefined) return unmatched(own, asked, found);
    return deny('X509_CREDENTIALS_UNPARSABLE', { credentialId: problem.id, problem: problem.unparsable });
  }
  const now = options.clock.now();
  const inForce = usable.filter(({ credential }) => isInForce(credential, now));
  return inForce.length === 0 ? held(best) : admitBy(options, own, inForce);
}

const isInForce = ({ enabled, expiresAt }: X509Credential, now: number): boolean =>
  enabled && (expiresAt === null || expiresAt > now);

/** By the best that has rules for this client; where none has, the best says what is missing. */
function admitBy(options: X509Options, own: ChainCertificate, matches: readonly MatchedX509[]): Verdict {
  let why: Verdict | undefined;
  for (const match of matches) {
    const rules = rulesFor(match.credential, own.commonName);
    if (typeof rules !== 'string') return admit(options, own, match, rules);
    why ??=
      rules === 'no-cn'
        ? deny('X509_CLIENT_CN_MISSING', { ...named(match), certificate: own.subject })
        : deny('X509_NO_RULES_FOR_CN', { ...named(match), cn: own.commonName ?? '' });
  }
  return why ?? ignore('X509_NO_CREDENTIALS', {});
}

const admit = (
  { name }: X509Options,
  own: ChainCertificate,
  match: MatchedX509,
  rules: readonly AclRule[],
): Verdict => ({
  outcome: 'allow',
  grant: {
    principal: { namespace: name, subject: subjectOf(own, match.credential) },
    superuser: match.credential.superuser,
    rules,
    ...tagsOf(match.credential),
    ...followed(match.credential, own),
    bindsClientId: false,
    expiresAt: sessionEnd(own, match.credential),
    rehash: false,
    anonymous: false,
  },
  detail: named(match),
});

/** By what a session finds its credential again when that changes; settings do not. */
function followed(
  { id, isStored }: X509Credential,
  { commonName }: ChainCertificate,
): Pick<Grant, 'credentialId' | 'commonName'> {
  if (isStored !== true) return { credentialId: undefined };
  return { credentialId: id, ...(commonName === undefined ? {} : { commonName }) };
}

/** Stable when a certificate is renewed or a credential made again; the kinds of names never meet. */
function subjectOf(own: ChainCertificate, { match, name }: X509Credential): string {
  if (match.by === 'san') return `${match.kind}:${match.value}`;
  const isByName = match.by === 'cn' || match.by === 'cn_pattern';
  return isByName && own.commonName !== undefined ? `cn:${own.commonName}` : `credential:${name}`;
}

/** The session ends with the credential, and with the certificate that opened it. */
function sessionEnd(
  { notAfter }: ChainCertificate,
  { expiresAt, skipValidity }: X509Credential,
): number | undefined {
  const certificateEnd = skipValidity ? Number.NaN : Date.parse(notAfter);
  const ends = [expiresAt ?? Number.NaN, certificateEnd].filter((end) => !Number.isNaN(end));
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** No credential speaks for the chain: perhaps because it has no common name to be matched by. */
function unmatched(
  own: ChainCertificate,
  asked: readonly ChainCertificate[],
  { byCommonName }: FoundX509,
): Verdict {
  if (byCommonName && own.commonName === undefined) {
    return ignore('X509_CLIENT_CN_MISSING', { certificate: own.subject });
  }
  const nameless = byCommonName ? asked.findIndex(({ commonName }) => commonName === undefined) : -1;
  if (nameless >= 0) {
    return ignore('X509_CERT_CN_MISSING', { certificate: asked[nameless]?.subject ?? '', depth: nameless });
  }
  return ignore('X509_NO_CREDENTIALS', {
    certificate: own.subject,
    fingerprint: own.fingerprint,
    lookedAt: asked.length,
  });
}

/** The chain does not verify: without a path nobody vouches for it, with one something on it fails. */
function unverified({ problem, code, subject, depth }: Unverified): Verdict {
  const reason = problem === 'no-path' ? 'X509_PEER_UNVERIFIED' : 'X509_AUTH_FAILURE';
  return deny(reason, { problem, code, certificate: subject, depth });
}

/** What matches is disabled or expired. */
function held(match: MatchedX509): Verdict {
  const { enabled, expiresAt } = match.credential;
  const until = expiresAt === null ? {} : { expiresAt: new Date(expiresAt).toISOString() };
  return deny(enabled ? 'CREDENTIAL_EXPIRED' : 'CREDENTIAL_DISABLED', { ...named(match), ...until });
}

const named = ({ credential, depth }: MatchedX509): SafeDetail => ({
  credentialId: credential.id,
  credential: credential.name,
  matchedBy: credential.match.by,
  depth,
});

const deny = (reason: ReasonCode, detail: SafeDetail): Verdict => ({ outcome: 'deny', reason, detail });
const ignore = (reason: ReasonCode, detail: SafeDetail): Verdict => ({ outcome: 'ignore', reason, detail });
