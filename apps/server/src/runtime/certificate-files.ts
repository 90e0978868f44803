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
  /** Where the file is encrypted. */
  readonly keyPassword?: Secret<string>;
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
  const { key: keyFile, key_password: keyPassword, cert: certFile } = config.listeners[listener];
  return certFile === '' ? undefined : { listener, keyFile, keyPassword, certFile };
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

/** A private key in PEM without a password: OpenSSL is given what it can use at once, however it lies on the disk. */
function opened(pem: string, { listener, keyPassword = new Secret('') }: CertificateFiles): Secret<string> {
  if (!/ENCRYPTED/.test(pem)) return new Secret(pem);
  const setting = `listeners.${listener}.key_password`;
  if (keyPassword.reveal() === '') throw new Error(`the key is encrypted, and ${setting} is not set`);
  try {
    const key = createPrivateKey({ key: pem, passphrase: keyPassword.reveal() });
    return new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString());
  } catch {
    throw new Error(`the key cannot be opened with ${setting}`);
  }
}

/** Reads certificate and key, and sees that they belong together. Throws `Failure` in words when not. */
export function readCertificate(files: CertificateFiles): ServerCertificate {
  const { listener, keyFile, certFile } = files;
  const cert = read(certFile, `listeners.${listener}.cert`);
  const pem = read(keyFile, `listeners.${listener}.key`);
  try {
    const key = opened(pem, files);
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key.reveal()))) {
      throw new Error('the key is that of another certificate');
    }
    createSecureContext({ cert, key: key.reveal() });
    return { cert, key };
  } catch (error) {
    throw new Failure(
      `The listener ${listener} cannot use the certificate ${certFile} with the key ${keyFile}: ${messageOf(error)}.`,
    );
  }
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
