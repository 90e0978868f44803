import { existsSync, readFileSync } from 'node:fs';
import { type ClientTrust, ReadTrust } from '@gatehouse/broker';
import { pkiFiles } from '@gatehouse/pki';
import type { Config } from '../config/schema.ts';
import type { TlsListenerName } from '../data/listener-configs.ts';
import type { DataDir } from './data-dir.ts';
import { Failure, messageOf } from './failure.ts';

/** The files by which a listener verifies its clients. */
export interface TrustFiles {
  readonly listener: TlsListenerName;
  readonly caFile: string;
  /** Empty: revocation is not checked. */
  readonly crlFile: string;
  /** The server's own CA and list: what others it trusts besides, where there are any; undefined: the files are the operator's. */
  readonly trustedFile: string | undefined;
}

/** Whether a listener verifies clients by the server's own CA. */
export const trustsOwnCa = ({ listeners }: Config, listener: TlsListenerName): boolean =>
  listeners[listener].verify === 'verify_peer' && listeners[listener].ca === '';

/** The files of a listener that verifies its clients; undefined where it does not. */
export function trustFilesOf(
  config: Config,
  listener: TlsListenerName,
  { pki }: DataDir,
): TrustFiles | undefined {
  const { verify, ca, crl } = config.listeners[listener];
  if (verify === 'verify_none') return undefined;
  if (ca !== '') return { listener, caFile: ca, crlFile: crl, trustedFile: undefined };
  const own = pkiFiles(pki);
  return { listener, caFile: own.caCert, crlFile: own.crl, trustedFile: own.trusted };
}

/** Reads CAs and lists, and sees that they are such. Throws `Failure` in words when not. */
export function readTrustFiles({ listener, caFile, crlFile, trustedFile }: TrustFiles): ClientTrust {
  const read = (path: string, setting: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw new Failure(`listeners.${listener}.${setting} cannot be read: ${messageOf(error)}.`);
    }
  };
  const others = trustedFile !== undefined && existsSync(trustedFile) ? read(trustedFile, 'ca') : '';
  const trust = {
    ca: `${read(caFile, 'ca')}\n${others}`,
    crl: crlFile === '' ? '' : read(crlFile, 'crl'),
    // Of a CA that is trusted besides there is no list.
    listedOnly: trustedFile !== undefined,
  };
  try {
    new ReadTrust(trust);
  } catch (error) {
    const files = crlFile === '' ? caFile : `${caFile} and ${crlFile}`;
    throw new Failure(`The listener ${listener} cannot verify clients by ${files}: ${messageOf(error)}.`);
  }
  return trust;
}

/** What is said about CAs and lists in the log: when the lists end, and whether they have. */
export function noteOfTrust(
  trust: ClientTrust,
  now: number,
): { readonly listsEnd?: string; readonly listsEnded?: true } {
  const end = new ReadTrust(trust).listsEnd;
  if (end === undefined) return {};
  return { listsEnd: new Date(end).toISOString(), ...(end <= now ? { listsEnded: true } : {}) };
}
