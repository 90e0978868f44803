import { statSync } from 'node:fs';
import type { ServerCertificate } from '@gatehouse/broker';
import type { Clock } from '@gatehouse/ports';
import type { Logger } from 'pino';
import type { TlsListenerName } from '../data/listener-configs.ts';
import { type CertificateFiles, noteOf, readCertificate } from './certificate-files.ts';
import { messageOf } from './failure.ts';

/** Milliseconds between looks at the files. */
const LOOK_EVERY_MS = 2_000;

/** Files that belong together and are read again when one of them changes. */
export interface FollowedFiles {
  readonly paths: readonly string[];
  /** What is said about them in the log; never what is in them. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** `certificate`, as the log has it. */
  readonly what: string;
  /** Reads them and puts them in force; gives what else is to be said, or throws when they cannot be used. */
  readonly reload: () => Readonly<Record<string, unknown>>;
}

export interface CertificateWatchOptions {
  readonly files: readonly CertificateFiles[];
  /** What listeners follow besides their certificates. */
  readonly others?: readonly FollowedFiles[];
  /** Puts a certificate in force; throws when OpenSSL cannot use it. */
  readonly use: (listener: TlsListenerName, certificate: ServerCertificate) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Follows the files of the TLS listeners. */
export interface CertificateWatch {
  /** Reads all files now, whether they changed or not. */
  reload(): void;
  /** Reads now what has changed, without waiting whether it changes again: for files that the server itself wrote. */
  catchUp(): void;
  stop(): void;
}

/** What tells that a file is another one: links are followed, so that swapped ones (as Kubernetes does) count. */
function stampOf({ paths }: FollowedFiles): string {
  const stamps = paths.map((path) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? 'missing' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
  });
  return stamps.join(' / ');
}

/**
 * Puts new certificates in force without dropping a connection. Key and certificate are two files: a change counts once
 * both have been the same for one look. What cannot be used is logged, and the one before stays.
 */
export function watchCertificates(options: CertificateWatchOptions): CertificateWatch {
  const { files, others = [], use, clock, log } = options;
  const all = [...files.map((one) => followedCertificate(one, use)), ...others];
  const followed = all.map((one) => ({ files: one, inForce: stampOf(one), seen: stampOf(one) }));

  function read({ facts, what, reload }: FollowedFiles): void {
    try {
      const more = reload();
      log.info({ ...facts, ...more }, `${what} read again`);
    } catch (error) {
      log.error({ ...facts, err: messageOf(error) }, `the new ${what} cannot be used; the one before stays`);
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
  let cancel = all.length === 0 ? () => undefined : clock.after(LOOK_EVERY_MS, look);
  return {
    reload: () => {
      for (const one of followed) {
        one.inForce = stampOf(one.files);
        one.seen = one.inForce;
        read(one.files);
      }
    },
    catchUp: () => {
      for (const one of followed) {
        const stamp = stampOf(one.files);
        if (stamp === one.inForce) continue;
        one.inForce = stamp;
        one.seen = stamp;
        read(one.files);
      }
    },
    stop: () => {
      cancel();
    },
  };
}

const followedCertificate = (one: CertificateFiles, use: CertificateWatchOptions['use']): FollowedFiles => ({
  paths: [one.keyFile, one.certFile],
  facts: { listener: one.listener, certFile: one.certFile },
  what: 'certificate',
  reload: () => {
    const certificate = readCertificate(one);
    use(one.listener, certificate);
    return { ...noteOf(certificate) };
  },
});
