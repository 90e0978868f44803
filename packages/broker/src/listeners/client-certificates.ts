import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { ChainCertificate, CertificateVerification } from '@gatehouse/auth-core';
import type { ClientCertificates } from '../config.ts';
import { certificateFacts } from './certificate-facts.ts';
import { CHAIN_MAX, type Footing, type PresentedChain, ReadTrust } from './client-trust.ts';
import { certificateRefusal, CERTIFICATE_REQUIRED, type TransportRefusal } from './tls-failure.ts';

/** Certificates of CAs whose facts are kept, so that the clients below one share them. */
const AUTHORITY_FACTS_MAX = 256;

/** A client's certificates, as its listener sees them. */
export interface Presented {
  readonly leaf: X509Certificate | undefined;
  readonly chain: readonly ChainCertificate[];
  /** Undefined where none was presented. */
  readonly verification: CertificateVerification | undefined;
  /** Undefined where the listener lets the client go on. */
  readonly refusal: TransportRefusal | undefined;
}

const UNREADABLE_VERIFICATION = {
  verified: false,
  problem: 'invalid',
  code: 'CERT_UNREADABLE',
  subject: '',
  depth: 0,
} as const;
const UNREADABLE: Presented = {
  leaf: undefined,
  chain: [],
  verification: UNREADABLE_VERIFICATION,
  refusal: certificateRefusal(UNREADABLE_VERIFICATION),
};

export const NOTHING_PRESENTED: Presented = {
  leaf: undefined,
  chain: [],
  verification: undefined,
  refusal: undefined,
};

/** What a listener knows of its clients' certificates: whom it trusts, and on what each open connection rests. */
export class CertificateDesk {
  readonly #settings: ClientCertificates;
  readonly #open = new Map<TLSSocket, Footing>();
  readonly #authorityFacts = new Map<string, ChainCertificate>();
  #trust: ReadTrust;

  /** @throws Error in words when CAs or lists cannot be read. */
  constructor(settings: ClientCertificates) {
    this.#settings = settings;
    this.#trust = new ReadTrust(settings.trust.value);
  }

  get trust(): ReadTrust {
    return this.#trust;
  }

  /** Puts other CAs and lists in force, and closes the connections whose certificates do not verify any more. */
  use(trust: ReadTrust): void {
    this.#trust = trust;
    for (const [socket, footing] of this.#open) {
      if (!trust.stillHolds(footing)) socket.destroy();
    }
  }

  /** Judges what came with a handshake; never throws. `now`: milliseconds since the epoch. */
  look(socket: TLSSocket, now: number): Presented {
    try {
      return this.#judge(socket, now);
    } catch {
      // A certificate that OpenSSL took and Node cannot put into words vouches for nobody.
      return UNREADABLE;
    }
  }

  #judge(socket: TLSSocket, now: number): Presented {
    const presented = presentedBy(socket);
    const judged = judgePresented(
      presented,
      this.#settings,
      (chain) => this.#trust.judge(chain, this.#settings.depthMax, now),
      (one) => this.#factsOf(one),
    );
    if (presented !== undefined && judged.verification?.verified === true) {
      this.#keep(socket, this.#trust.footingOf(presented));
    }
    return judged;
  }

  #keep(socket: TLSSocket, footing: Footing): void {
    this.#open.set(socket, footing);
    socket.once('close', () => {
      this.#open.delete(socket);
    });
  }

  #factsOf(certificate: X509Certificate): ChainCertificate {
    const { fingerprint256 } = certificate;
    const known = this.#authorityFacts.get(fingerprint256);
    if (known !== undefined) return known;
    const facts = certificateFacts(certificate);
    if (this.#authorityFacts.size < AUTHORITY_FACTS_MAX) this.#authorityFacts.set(fingerprint256, facts);
    return facts;
  }
}

/** Puts together what was presented, what is wrong with it, and what the listener makes of that. */
export function judgePresented<Chain extends Omit<PresentedChain, 'error'>>(
  presented: Chain | undefined,
  { required, reject }: ClientCertificates,
  verify: (chain: Chain) => CertificateVerification,
  factsOf: (authority: X509Certificate) => ChainCertificate = certificateFacts,
): Presented {
  if (presented === undefined) {
    return { ...NOTHING_PRESENTED, refusal: required ? CERTIFICATE_REQUIRED : undefined };
  }
  const { leaf } = presented;
  const verification = verify(presented);
  const lacksPath = !verification.verified && verification.problem === 'no-path';
  const above = presented.above.map((one) =>
    lacksPath && isRoot(one) ? { ...factsOf(one), pem: one.toString() } : factsOf(one),
  );
  const refusal = verification.verified || reject === 'chain' ? undefined : certificateRefusal(verification);
  return { leaf, chain: [certificateFacts(leaf), ...above], verification, refusal };
}

/** A CA that issued itself. */
const isRoot = (certificate: X509Certificate): boolean =>
  certificate.ca && certificate.checkIssued(certificate);

/** Node says `authorized` of a pre-shared key and of a resumed session too: what counts is that a certificate is there. */
function presentedBy(socket: TLSSocket): PresentedChain | undefined {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) return undefined;
  const above: X509Certificate[] = [];
  for (let next = leaf.issuerCertificate; next !== undefined && above.length < CHAIN_MAX;) {
    above.push(next);
    next = next.issuerCertificate;
  }
  return { leaf, above, error: socket.authorized ? undefined : errorOf(socket) };
}

/** Typed as an error, but it is OpenSSL's name of one. */
function errorOf({ authorizationError }: TLSSocket): string {
  const error: unknown = authorizationError;
  return typeof error === 'string' ? error : 'CERT_REJECTED';
}
