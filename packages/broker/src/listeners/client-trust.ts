import { X509Certificate } from 'node:crypto';
import type { CertificateVerification } from '@gatehouse/auth-core';
import type { ClientTrust } from '../config.ts';
import { distinguishedName } from './certificate-facts.ts';
import { namesOfCertificate, readRevocationLists, type RevocationList } from './crl.ts';
import { comparableSerial } from './der.ts';

/** Certificates of one path or chain that are looked at. */
export const CHAIN_MAX = 12;
/** Certificates of a file of CAs. */
const AUTHORITIES_MAX = 10_000;
/** Extended key usage by which a certificate is for TLS clients, and for anything (RFC 5280 §4.2.1.12). */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const ANY_USAGE = '2.5.29.37.0';

/** What was presented, and what OpenSSL made of it. */
export interface PresentedChain {
  readonly leaf: X509Certificate;
  /** What came with it, in the order it came. */
  readonly above: readonly X509Certificate[];
  /** OpenSSL's name of its last error; undefined when it found none. */
  readonly error: string | undefined;
}

/** What an accepted certificate rests on: enough to ask again after CAs or lists were replaced. */
export interface Footing {
  /** SHA-256 of the root. */
  readonly root: string;
  /** Issuer and serial number of each certificate below it. */
  readonly links: readonly { readonly issuer: string; readonly serial: string }[];
}

/** In place of OpenSSL's name of an error, so that a chain is looked at as one that it refused. */
const NOTHING_SAID = 'NOT_SAID';

type Path = { readonly certificates: readonly X509Certificate[] } & (
  { readonly end: 'root' } | { readonly end: 'no-issuer' } | { readonly end: 'bad-signature' }
);

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** CAs and revocation lists of a listener, read. OpenSSL decides who is let in; this says why not, and asks again. */
export class ReadTrust {
  /** For OpenSSL, which wants one of every CA: each list on its own; none where only those listed are checked. */
  readonly crls: readonly string[];
  readonly ca: string;
  readonly #lists: readonly RevocationList[];
  readonly #authorities: readonly X509Certificate[];
  readonly #roots: ReadonlySet<string>;
  readonly #listedOnly: boolean;

  /** @throws Error in words when CAs or lists cannot be read. */
  constructor({ ca, crl, listedOnly = false }: ClientTrust) {
    this.ca = ca;
    this.#listedOnly = listedOnly;
    this.#authorities = (ca.match(BLOCK) ?? [])
      .slice(0, AUTHORITIES_MAX)
      .map((pem) => new X509Certificate(pem));
    if (this.#authorities.length === 0) throw new Error('there is no CA certificate in it (PEM)');
    this.#roots = new Set(this.#authorities.filter(isSelfIssued).map(fingerprintOf));
    this.#lists = crl === '' ? [] : readRevocationLists(crl);
    this.crls = listedOnly ? [] : this.#lists.map(({ pem }) => pem);
  }

  /** When the first list is past its date, milliseconds since the epoch; undefined: never. */
  get listsEnd(): number | undefined {
    const ends = this.#lists.flatMap(({ nextUpdate }) => nextUpdate ?? []);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** What is wrong with a chain; OpenSSL has the last word on whether anything is. `now`: milliseconds since the epoch. */
  judge(chain: PresentedChain, depthMax: number, now: number): CertificateVerification {
    const path = this.#pathOf(chain);
    if (chain.error === undefined) {
      if (path.certificates.length - 2 > depthMax)
        return failure('invalid', 'CERT_CHAIN_TOO_LONG', chain.leaf, 0);
      return (this.#listedOnly ? this.#revocation(path.certificates, now) : undefined) ?? { verified: true };
    }
    return this.#explain(path, chain.error, now);
  }

  /** What would be wrong with a chain that OpenSSL has not seen: everything is looked at that it would look at. */
  rehearse(chain: Omit<PresentedChain, 'error'>, depthMax: number, now: number): CertificateVerification {
    const found = this.judge({ ...chain, error: NOTHING_SAID }, depthMax, now);
    const isSound = !found.verified && found.code === NOTHING_SAID;
    return isSound ? this.judge({ ...chain, error: undefined }, depthMax, now) : found;
  }

  /** What a certificate that verified rests on. */
  footingOf(chain: PresentedChain): Footing {
    const { certificates } = this.#pathOf(chain);
    const top = certificates.at(-1) ?? chain.leaf;
    return {
      root: fingerprintOf(top),
      links: certificates.map(({ raw, serialNumber }) => ({
        issuer: namesOfCertificate(raw).issuer,
        serial: comparableSerial(serialNumber),
      })),
    };
  }

  /** Whether a certificate that verified before would still do: its root is trusted and nothing on its path revoked. */
  stillHolds({ root, links }: Footing): boolean {
    return this.#roots.has(root) && !links.some(({ issuer, serial }) => this.#isListed(issuer, serial));
  }

  #explain({ certificates, end }: Path, code: string, now: number): CertificateVerification {
    const [leaf] = certificates;
    if (leaf === undefined) return { verified: false, problem: 'no-path', code, subject: '', depth: 0 };
    const top = certificates.length - 1;
    if (end === 'bad-signature') {
      return failure('invalid', 'CERT_SIGNATURE_FAILURE', certificates[top] ?? leaf, top);
    }
    if (end === 'no-issuer') {
      const last = certificates[top] ?? leaf;
      return failure('no-path', noPathCode(code, top === 0 && isSelfIssued(last)), last, top);
    }
    const revocation = this.#revocation(certificates, now, code);
    if (revocation !== undefined) return revocation;
    if (code.includes('CRL')) return failure('crl-unavailable', code, leaf, 0);
    return this.#explainPath(certificates, leaf, code, now);
  }

  /** What the lists have against a path: a certificate in one of them, or one that is missing or past its date. */
  #revocation(
    certificates: readonly X509Certificate[],
    now: number,
    code = '',
  ): CertificateVerification | undefined {
    const find = (test: (one: X509Certificate) => boolean, problem: 'revoked' | 'crl-unavailable') => {
      const at = certificates.findIndex(test);
      const found = at < 0 ? undefined : certificates[at];
      if (found === undefined) return undefined;
      const isListed = problem === 'revoked';
      const name = isListed ? 'CERT_REVOKED' : crlCode(code, this.#listsOf(found).length > 0);
      return failure(problem, name, found, at);
    };
    const isRevoked = ({ raw, serialNumber }: X509Certificate): boolean =>
      this.#isListed(namesOfCertificate(raw).issuer, comparableSerial(serialNumber));
    const isUnlisted = (one: X509Certificate): boolean =>
      this.#listsOf(one).length === 0 ? !this.#listedOnly : !this.#hasList(one, now);
    const revoked = find(isRevoked, 'revoked');
    return revoked ?? (this.#lists.length === 0 ? undefined : find(isUnlisted, 'crl-unavailable'));
  }

  /** The path is whole and nothing on it revoked: purposes, then dates. */
  #explainPath(
    certificates: readonly X509Certificate[],
    leaf: X509Certificate,
    code: string,
    now: number,
  ): CertificateVerification {
    if (!isForClients(leaf)) return failure('invalid', 'INVALID_PURPOSE', leaf, 0);
    const noAuthority = certificates.findIndex((one, depth) => depth > 0 && !one.ca);
    if (noAuthority > 0)
      return failure('invalid', 'INVALID_CA', certificates[noAuthority] ?? leaf, noAuthority);
    const expired = certificates.findIndex(({ validTo }) => Date.parse(validTo) <= now);
    if (expired >= 0) return failure('expired', 'CERT_HAS_EXPIRED', certificates[expired] ?? leaf, expired);
    const early = certificates.findIndex(({ validFrom }) => Date.parse(validFrom) > now);
    if (early >= 0) return failure('not-yet-valid', 'CERT_NOT_YET_VALID', certificates[early] ?? leaf, early);
    return failure('invalid', code, leaf, 0);
  }

  #isListed(issuer: string, serial: string): boolean {
    return this.#lists.some((list) => list.issuer === issuer && list.serials.has(serial));
  }

  /** The lists of a certificate's issuer. */
  #listsOf({ raw }: X509Certificate): readonly RevocationList[] {
    const { issuer } = namesOfCertificate(raw);
    return this.#lists.filter((list) => list.issuer === issuer);
  }

  /** Whether there is a list of the issuer, and it is not past its date. */
  #hasList(certificate: X509Certificate, now: number): boolean {
    return this.#listsOf(certificate).some(({ nextUpdate }) => nextUpdate === undefined || nextUpdate > now);
  }

  /** Follows issuers from the client's certificate up, through what it sent and what is trusted. */
  #pathOf({ leaf, above, error }: PresentedChain): Path {
    const pool = [...above, ...this.#authorities];
    const certificates = [leaf];
    for (let current = leaf; certificates.length < CHAIN_MAX;) {
      if (this.#roots.has(fingerprintOf(current))) return { certificates, end: 'root' };
      const named = pool.filter((one) => current.checkIssued(one) && !certificates.includes(one));
      const issuer = error === undefined ? named[0] : named.find((one) => isSignedBy(current, one));
      if (issuer === undefined)
        return { certificates, end: named.length > 0 ? 'bad-signature' : 'no-issuer' };
      certificates.push(issuer);
      current = issuer;
    }
    return { certificates, end: 'no-issuer' };
  }
}

const fingerprintOf = ({ fingerprint256 }: X509Certificate): string => fingerprint256;

const isSelfIssued = (certificate: X509Certificate): boolean => certificate.checkIssued(certificate);

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A key of a kind that OpenSSL does not know signs nothing.
    return false;
  }
}

/** Without the extension a certificate is for anything. */
function isForClients({ keyUsage }: X509Certificate): boolean {
  const usage = keyUsage as readonly string[] | undefined;
  return usage === undefined || usage.includes(CLIENT_AUTH) || usage.includes(ANY_USAGE);
}

/** OpenSSL names the last error it met, which need not be the one that counts. */
function noPathCode(code: string, isOwnIssuer: boolean): string {
  if (/ISSUER|SELF_SIGNED|LEAF_SIGNATURE/.test(code)) return code;
  return isOwnIssuer ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
}
function crlCode(code: string, hasList: boolean): string {
  if (code.includes('CRL')) return code;
  return hasList ? 'CRL_HAS_EXPIRED' : 'UNABLE_TO_GET_CRL';
}

const failure = (
  problem: Extract<CertificateVerification, { verified: false }>['problem'],
  code: string,
  { subject }: X509Certificate,
  depth: number,
): CertificateVerification => ({
  verified: false,
  problem,
  code,
  subject: distinguishedName(subject),
  depth,
});
