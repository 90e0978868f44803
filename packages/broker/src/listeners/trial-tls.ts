import { X509Certificate } from 'node:crypto';
import type { TlsFacts } from '@gatehouse/auth-core';
import type { TryAttempt } from '@gatehouse/ports';
import type { PreSharedKeys, TlsSettings } from '../config.ts';
import type { MappedIdentity } from '../context.ts';
import { judgePresented, NOTHING_PRESENTED, type Presented } from './client-certificates.ts';
import { CHAIN_MAX, type PresentedChain, ReadTrust } from './client-trust.ts';
import { PskDesk } from './pre-shared-keys.ts';
import { mapped, ownFacts } from './tls-endpoint.ts';
import type { TransportRefusal } from './tls-failure.ts';
import { maxVersionOf } from './tls-handshakes.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** What a handshake with a made-up client would come to. */
export interface TrialTls {
  readonly tls: TlsFacts;
  readonly identity: MappedIdentity | undefined;
  readonly refusal: TransportRefusal | undefined;
}

/**
 * What a listener of TLS makes of a client that presents these certificates, or proves this identity's key: judged like
 * a real one's, save that nobody asks for the private key.
 */
export function trialTls(
  settings: TlsSettings,
  { certificate = '', pskIdentity }: Pick<TryAttempt, 'certificate' | 'pskIdentity'>,
  now: number,
): TrialTls {
  const named = settings.preSharedKeys && nameOf(settings.preSharedKeys, pskIdentity);
  const presented = presentedTo(settings, certificate, now);
  const tls: TlsFacts = {
    version: maxVersionOf(settings),
    cipher: '',
    serverName: undefined,
    certificate: presented.verification?.verified === true ? ownFacts(presented.chain) : undefined,
    chain: presented.chain,
    verification: presented.verification,
    pskIdentity: named?.isKnown === true ? named.identity : undefined,
    ...(named?.isKnown === true ? { pskOrigin: named.origin } : {}),
  };
  return {
    tls,
    identity: mapped(settings.identity, presented, tls),
    refusal: presented.refusal ?? keyRefusal(settings, named),
  };
}

const nameOf = (keys: PreSharedKeys, identity: string | undefined) =>
  identity === undefined ? undefined : new PskDesk(keys).find(identity).named;

/** No handshake comes about without an identity that is known. */
function keyRefusal(
  { preSharedKeys }: TlsSettings,
  named: ReturnType<typeof nameOf>,
): TransportRefusal | undefined {
  if (preSharedKeys === undefined || named?.isKnown === true) return undefined;
  if (named === undefined) return { reason: 'TLS_NO_SHARED_CIPHER', detail: {} };
  return { reason: 'PSK_UNKNOWN_IDENTITY', detail: { identity: named.identity } };
}

function presentedTo({ clientCertificates }: TlsSettings, pem: string, now: number): Presented {
  // Who is not asked for a certificate presents none.
  if (clientCertificates === undefined) return NOTHING_PRESENTED;
  const { depthMax, trust } = clientCertificates;
  const read = new ReadTrust(trust.value);
  return judgePresented(readChain(pem), clientCertificates, (chain) => read.rehearse(chain, depthMax, now));
}

/** The client's own certificate is the first, wherever it stands among those of its CAs. */
function readChain(pem: string): Omit<PresentedChain, 'error'> | undefined {
  const read = (pem.match(CERTIFICATE) ?? []).slice(0, CHAIN_MAX).map((one) => new X509Certificate(one));
  const leaf = read.find(({ ca }) => !ca) ?? read[0];
  return leaf && { leaf, above: read.filter((one) => one !== leaf) };
}
