import type { Logger } from 'pino';
import { ensureServerCertificate, pkiFiles } from '@gatehouse/pki';
import type { Config } from '../config/schema.ts';
import type { Certificates } from '../data/listener-configs.ts';
import {
  type CertificateFiles,
  configuredFiles,
  listenersOfOwnCa,
  noteOf,
  readCertificate,
  tlsListeners,
  unknownCiphers,
} from './certificate-files.ts';
import type { DataDir } from './data-dir.ts';
import { openOwnAuthority } from './own-authority.ts';

/** What the TLS listeners of a start serve. */
export interface OpenedCertificates {
  readonly certificates: Certificates;
  readonly files: readonly CertificateFiles[];
  /** The certificate that clients have to trust, where the server made its own. */
  readonly ownCaFile: string | undefined;
}

/** Reads the certificates of all TLS listeners; those without one share a self-made one, made at the first start. */
export async function openCertificates(
  config: Config,
  dir: DataDir,
  log: Logger,
): Promise<OpenedCertificates> {
  const listeners = tlsListeners(config);
  const own = listenersOfOwnCa(config).length === 0 ? undefined : await ownFiles(dir, log);
  const files = listeners.flatMap((listener) => {
    const found = configuredFiles(config, listener) ?? (own && { listener, ...own.files });
    return found === undefined ? [] : [found];
  });
  const certificates: Certificates = Object.fromEntries(
    files.map((one) => {
      const certificate = readCertificate(one);
      log.info(
        { listener: one.listener, certFile: one.certFile, ...noteOf(certificate) },
        'certificate read',
      );
      return [one.listener, certificate];
    }),
  );
  for (const listener of listeners) {
    for (const cipher of unknownCiphers(config, listener))
      log.warn({ listener, cipher }, 'a cipher of the list is unknown to this OpenSSL and left out');
  }
  return { certificates, files, ownCaFile: own?.caFile };
}

async function ownFiles(dir: DataDir, log: Logger) {
  const authority = await openOwnAuthority(dir);
  const { certFile, keyFile, isNew } = await ensureServerCertificate(authority, Date.now());
  const { caCert: caFile } = pkiFiles(dir.pki);
  if (isNew) {
    log.warn(
      { certFile, caFile },
      'made a certificate of our own, which no client trusts yet: give clients caFile, or set key and cert',
    );
  }
  return { caFile, files: { certFile, keyFile } };
}
