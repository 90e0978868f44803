import { statSync } from 'node:fs';
import type { ServerCertificate } from '@gatehouse/broker';
import type { Clock } from '@gatehouse/ports';
import type { Logger } from 'pino';
import type { TlsListenerName } from '../data/listener-configs.ts';
import { type CertificateFiles, noteOf, readCertificate } from './certificate-files.ts';
import { messageOf } from './failure.ts';

/** Milliseconds between looks at the files. */
const LOOK_EVERY_MS = 2_000;

export interface CertificateWatchOptions {
  readonly files: readonly CertificateFiles[];
  /** Puts a certificate in force; throws when OpenSSL cannot use it. */
  readonly use: (listener: TlsListenerName, certificate: ServerCertificate) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Follows the files of the TLS listeners. */
export interface CertificateWatch {
  /** Reads all files now, whether they changed or not. */
  reload(): void;
  stop(): void;
}

/** What tells that a file is another one: links are followed, so that swapped ones (as Kubernetes does) count. */
function stampOf({ keyFile, certFile }: CertificateFiles): string {
  const stamps = [keyFile, certFile].map((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? 'missing' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
  });
  return stamps.join(' / ');
}

/**
 * Puts new certificates in force without dropping a connection. Key and certificate are two files: a change counts once
 * both have been the same for one look. What cannot be used is logged, and the one before stays.
 */
export function watchCertificates({ files, use, clock, log }: CertificateWatchOptions): CertificateWatch {
  const followed = files.map((one) => ({ files: one, inForce: stampOf(one), seen: stampOf(one) }));

  function read(one: CertificateFiles): void {
    const { listener, certFile } = one;
    try {
      const certificate = readCertificate(one);
      use(listener, certificate);
      log.info({ listener, certFile, ...noteOf(certificate) }, 'certificate read again');
    } catch (error) {
      log.error(
        { listener, certFile, err: messageOf(error) },
        'the new certificate cannot be used; the one before stays',
      );
    }
  }

  const look = (): void => {
    for (const one of followed) {
      const stamp = stampOf(one.files);
      const isSettled = stamp === one.seen && stamp !== one.inForce;
      one.seen = stamp;
      if (!isSettled) continue;
      one.inForce = stamp;
      read(one.files);
    }
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  let cancel = files.length === 0 ? () => undefined : clock.after(LOOK_EVERY_MS, look);
  return {
    reload: () => {
      for (const one of followed) {
        one.inForce = stampOf(one.files);
        one.seen = one.inForce;
        read(one.files);
      }
    },
    stop: () => {
      cancel();
    },
  };
}
