import type { Logger } from 'pino';
import { ensureServerCertificate, pkiFiles } from '@gatehouse/pki';
import type { Config } from '../config/schema.ts';
import type { Certificates } from '../data/listener-configs.ts';
import { clientsOf } from './certificate-clients.ts';
import {
  type CertificateFiles,
  configuredFiles,
  listenersOfOwnCa,
  noteOf,
  readCertificate,
  tlsListeners,
  unknownCiphers,
} from './certificate-files.ts';
import type { FollowedFiles } from './certificate-watch.ts';
import { trustsOwnCa } from './client-trust-files.ts';
import type { DataDir } from './data-dir.ts';
import { openOwnAuthority } from './own-authority.ts';

/** What the TLS listeners of a start serve. */
export interface OpenedCertificates {
  readonly certificates: Certificates;
  readonly files: readonly CertificateFiles[];
  /** CAs, lists and pre-shared keys that are followed too. */
  readonly others: readonly FollowedFiles[];
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
  // Clients may be verified by it although the listener shows another's certificate.
  if (own === undefined && listeners.some((listener) => trustsOwnCa(config, listener))) {
    await openOwnAuthority(dir);
  }
  const clients = new Map(listeners.map((listener) => [listener, clientsOf(config, listener, dir, log)]));
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
      return [one.listener, { ...certificate, ...clients.get(one.listener)?.material }];
    }),
  );
  for (const listener of listeners) {
    for (const cipher of unknownCiphers(config, listener))
      log.warn({ listener, cipher }, 'a cipher of the list is unknown to this OpenSSL and left out');
  }
  const others = [...clients.values()].flatMap(({ followed }) => followed);
  return { certificates, files, others, ownCaFile: own?.caFile };
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
