import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pkiFiles } from '@gatehouse/pki';
import type { ListenerCertificates } from '@gatehouse/ports';
import type { Config } from '../config/schema.ts';
import type { TlsListenerName } from '../data/listener-configs.ts';
import {
  type CertificateFiles,
  configuredFiles,
  readCertificate,
  tlsListeners,
} from '../runtime/certificate-files.ts';
import { readTrustFiles, trustFilesOf } from '../runtime/client-trust-files.ts';
import type { DataDir } from '../runtime/data-dir.ts';
import { messageOf } from '../runtime/failure.ts';
import { certificatesIn, countCertificates, listFactsOf, summaryOf } from './certificate-summary.ts';

/** CAs of a listener that are told. */
const AUTHORITIES_MAX = 16;

/** What the TLS listeners serve and trust, read from their files. */
export const listenerCertificates = (
  config: Config,
  dir: DataDir,
  now: number,
): readonly ListenerCertificates[] =>
  tlsListeners(config).map((listener) => {
    const own = pkiFiles(dir.pki);
    const configured = configuredFiles(config, listener);
    const files = configured ?? { listener, keyFile: own.serverKey, certFile: own.serverCert };
    return {
      listener,
      ...servedBy(files, configured === undefined),
      takesPreSharedKeys: config.listeners[listener].psk_ciphers !== '',
      clients: clientsOf(config, listener, dir, now),
    };
  });

function servedBy(
  files: CertificateFiles,
  selfMade: boolean,
): Pick<ListenerCertificates, 'certificate' | 'certFile' | 'problem'> {
  const { certFile } = files;
  try {
    const { cert } = readCertificate(files);
    return {
      certificate: { ...summaryOf(new X509Certificate(cert)), selfMade },
      certFile,
      problem: null,
    };
  } catch (error) {
    return { certificate: null, certFile, problem: messageOf(error) };
  }
}

function clientsOf(
  config: Config,
  listener: TlsListenerName,
  dir: DataDir,
  now: number,
): ListenerCertificates['clients'] {
  const files = trustFilesOf(config, listener, dir);
  if (files === undefined) return null;
  const { fail_if_no_peer_cert: required, reject } = config.listeners[listener];
  const { caFile, crlFile, trustedFile } = files;
  const facts = { required, reject, caFile, managed: trustedFile !== undefined };
  try {
    const { ca } = readTrustFiles(files);
    return {
      ...facts,
      trustsOwnCa: isIn(pkiFiles(dir.pki).caCert, ca),
      authorities: certificatesIn(ca, AUTHORITIES_MAX).map(summaryOf),
      authoritiesCount: countCertificates(ca),
      crl: crlFile === '' ? null : listFactsOf(crlFile, now),
      problem: null,
    };
  } catch (error) {
    return {
      ...facts,
      trustsOwnCa: false,
      authorities: [],
      authoritiesCount: 0,
      crl: null,
      problem: messageOf(error),
    };
  }
}

/** Whether the certificate of a file is among those of a text, however either is written. */
function isIn(file: string, pem: string): boolean {
  const bare = (text: string): string => text.replaceAll(/\s/g, '');
  try {
    return bare(pem).includes(bare(new X509Certificate(readFileSync(file)).toString()));
  } catch {
    // No CA of our own, or a damaged one: then nobody trusts it.
    return false;
  }
}
