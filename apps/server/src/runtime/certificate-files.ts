import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { Secret } from '@gatehouse/auth-core';
import { readCiphers, type ServerCertificate } from '@gatehouse/broker';
import type { Config } from '../config/schema.ts';
import type { TlsListenerName } from '../data/listener-configs.ts';
import { Failure, messageOf } from './failure.ts';

/** The files that a TLS listener's certificate is read from. */
export interface CertificateFiles {
  readonly listener: TlsListenerName;
  readonly keyFile: string;
  readonly certFile: string;
}

/** What is said about a certificate in the log and by `gatehouse check`. */
export interface CertificateNote {
  readonly subject: string;
  /** ISO 8601 UTC. */
  readonly validTo: string;
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string;
}

/** Names of the TLS listeners that are opened. */
export const tlsListeners = ({ listeners }: Config): readonly TlsListenerName[] =>
  (['tls', 'wss'] as const).filter((name) => listeners[name].enabled);

/** The files that the configuration names; undefined: the server makes its own. */
export function configuredFiles(config: Config, listener: TlsListenerName): CertificateFiles | undefined {
  const { key: keyFile, cert: certFile } = config.listeners[listener];
  return certFile === '' ? undefined : { listener, keyFile, certFile };
}

/** The TLS listeners for which the server makes a certificate of its own. */
export const listenersOfOwnCa = (config: Config): readonly TlsListenerName[] =>
  tlsListeners(config).filter((listener) => configuredFiles(config, listener) === undefined);

function read(path: string, setting: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(`${setting} cannot be read: ${messageOf(error)}.`);
  }
}

/** Reads certificate and key, and sees that they belong together. Throws `Failure` in words when not. */
export function readCertificate({ listener, keyFile, certFile }: CertificateFiles): ServerCertificate {
  const cert = read(certFile, `listeners.${listener}.cert`);
  const key = new Secret(read(keyFile, `listeners.${listener}.key`));
  try {
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key.reveal()))) {
      throw new Error('the key is that of another certificate');
    }
    createSecureContext({ cert, key: key.reveal() });
  } catch (error) {
    throw new Failure(
      `The listener ${listener} cannot use the certificate ${certFile} with the key ${keyFile}: ${messageOf(error)}.`,
    );
  }
  return { cert, key };
}

export function noteOf({ cert }: ServerCertificate): CertificateNote {
  const { subject, validTo, fingerprint256 } = new X509Certificate(cert);
  return {
    subject: subject.replaceAll('\n', ', '),
    validTo: new Date(validTo).toISOString(),
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** Names of a listener's cipher list that this OpenSSL does not know. Throws `Failure` when there are no others. */
export function unknownCiphers(config: Config, listener: TlsListenerName): readonly string[] {
  const { ciphers, psk_ciphers: pskCiphers, min_version: minVersion } = config.listeners[listener];
  const setting = pskCiphers === '' ? 'ciphers' : 'psk_ciphers';
  const { usable, unknown } = readCiphers(pskCiphers === '' ? ciphers : pskCiphers, minVersion);
  if (usable.length === 0) {
    throw new Failure(
      `listeners.${listener}.${setting} names no cipher that this OpenSSL knows: ${unknown.join(', ')}.`,
    );
  }
  return unknown;
}
