import { type ClientTrust, ReplaceableValue } from '@gatehouse/broker';
import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import type { PskKeyMap, TlsListenerName, TlsMaterial } from '../data/listener-configs.ts';
import type { FollowedFiles } from './certificate-watch.ts';
import { noteOfTrust, readTrustFiles, trustFilesOf } from './client-trust-files.ts';
import type { DataDir } from './data-dir.ts';
import { pskFileOf, readPskFile } from './psk-file.ts';

/** How a listener tells its clients, and the files that this follows. */
export interface ClientAuthentication {
  readonly material: Pick<TlsMaterial, 'trust' | 'keys'>;
  readonly followed: readonly FollowedFiles[];
}

/** Reads CAs, lists and keys of a listener. Throws `Failure` in words when they cannot be used. */
export function clientsOf(
  config: Config,
  listener: TlsListenerName,
  dir: DataDir,
  log: Logger,
): ClientAuthentication {
  const trust = trustOf(config, listener, dir, log);
  const keys = keysOf(config, listener, log);
  return {
    material: { trust: trust?.value, keys: keys?.value },
    followed: [trust, keys].flatMap((one) => (one === undefined ? [] : [one.followed])),
  };
}

interface Followed<T> {
  readonly value: ReplaceableValue<T>;
  readonly followed: FollowedFiles;
}

function trustOf(
  config: Config,
  listener: TlsListenerName,
  dir: DataDir,
  log: Logger,
): Followed<ClientTrust> | undefined {
  const files = trustFilesOf(config, listener, dir);
  if (files === undefined) return undefined;
  const { caFile, crlFile, trustedFile } = files;
  const facts = { listener, caFile, ...(crlFile === '' ? {} : { crlFile }) };
  const say = (trust: ClientTrust): Readonly<Record<string, unknown>> => {
    const note = noteOfTrust(trust, Date.now());
    if (note.listsEnded === true) {
      log.error({ ...facts, ...note }, 'a revocation list is past its date: its clients are refused');
    }
    return note;
  };
  const first = readTrustFiles(files);
  const value = new ReplaceableValue(first);
  log.info({ ...facts, ...say(first) }, 'clients are verified');
  const reload = (): Readonly<Record<string, unknown>> => {
    const next = readTrustFiles(files);
    value.replace(next);
    return say(next);
  };
  const paths = [caFile, crlFile, trustedFile ?? ''].filter((path) => path !== '');
  return { value, followed: { paths, facts, what: 'CAs and revocation lists', reload } };
}

function keysOf(config: Config, listener: TlsListenerName, log: Logger): Followed<PskKeyMap> | undefined {
  const file = pskFileOf(config, listener);
  if (config.listeners[listener].psk_ciphers === '' || file === undefined) return undefined;
  const facts = { listener, pskFile: file.path };
  const read = (): { readonly keys: PskKeyMap; readonly note: Readonly<Record<string, unknown>> } => {
    const { keys, problems, skipped } = readPskFile(listener, file);
    for (const problem of problems)
      log.warn({ ...facts, ...problem }, 'a line with a pre-shared key was skipped');
    return { keys, note: { identities: keys.size, skipped } };
  };
  const first = read();
  const value = new ReplaceableValue(first.keys);
  log.info({ ...facts, ...first.note }, 'pre-shared keys read');
  const reload = (): Readonly<Record<string, unknown>> => {
    const { keys, note } = read();
    value.replace(keys);
    return note;
  };
  return { value, followed: { paths: [file.path], facts, what: 'file of pre-shared keys', reload } };
}
