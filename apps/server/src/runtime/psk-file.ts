import { readFileSync, statSync } from 'node:fs';
import { Secret } from '@gatehouse/auth-core';
import type { Config } from '../config/schema.ts';
import type { TlsListenerName } from '../data/listener-configs.ts';
import { Failure, messageOf } from './failure.ts';

/** Bytes of a file with pre-shared keys: some hundred thousand devices. */
const FILE_BYTES_MAX = 67_108_864;
/** What OpenSSL takes (`PSK_MAX_IDENTITY_LEN`, `PSK_MAX_PSK_LEN`). */
const IDENTITY_BYTES_MAX = 256;
const KEY_BYTES_MAX = 512;
/** Problems that are told one by one. */
const TOLD_MAX = 100;

export type PskFormat = 'emqx' | 'mosquitto';

/** A line that was skipped; never says what is in it. */
interface PskProblem {
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

export interface PskKeys {
  readonly keys: ReadonlyMap<string, Secret<Uint8Array>>;
  /** The first of them; `skipped` counts all. */
  readonly problems: readonly PskProblem[];
  readonly skipped: number;
}

/**
 * Reads `identity:key` lines, split at the first delimiter. The key is text as it stands (`emqx`) or hexadecimal
 * (`mosquitto`, where lines that begin with `#` are comments). Bad lines are skipped and told by number.
 */
export function parsePskKeys(text: string, format: PskFormat, delimiter = ':'): PskKeys {
  const keys = new Map<string, Secret<Uint8Array>>();
  const problems: PskProblem[] = [];
  let skipped = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || (format === 'mosquitto' && line.startsWith('#'))) continue;
    const entry = readLine(line, format, delimiter);
    const problem =
      typeof entry === 'string'
        ? entry
        : keys.has(entry.identity)
          ? 'an identity that is there already'
          : undefined;
    if (typeof entry !== 'string' && problem === undefined) {
      keys.set(entry.identity, new Secret(entry.key));
      continue;
    }
    skipped += 1;
    if (problems.length < TOLD_MAX) problems.push({ line: index + 1, problem: problem ?? '' });
  }
  return { keys, problems, skipped };
}

function readLine(
  line: string,
  format: PskFormat,
  delimiter: string,
): { readonly identity: string; readonly key: Uint8Array } | string {
  const at = line.indexOf(delimiter);
  if (at < 0) return `no "${delimiter}" between identity and key`;
  const identity = line.slice(0, at);
  const written = line.slice(at + delimiter.length);
  if (identity === '') return 'no identity';
  if (Buffer.byteLength(identity) > IDENTITY_BYTES_MAX)
    return `an identity of more than ${IDENTITY_BYTES_MAX} bytes`;
  if (written === '') return 'no key';
  if (format === 'mosquitto' && !/^(?:[0-9a-fA-F]{2})+$/.test(written))
    return 'a key that is not hexadecimal';
  const key = Buffer.from(written, format === 'mosquitto' ? 'hex' : 'utf8');
  return key.length > KEY_BYTES_MAX ? `a key of more than ${KEY_BYTES_MAX} bytes` : { identity, key };
}

/** How a listener's file is written. */
export interface PskFile {
  readonly path: string;
  readonly format: PskFormat;
  readonly delimiter: string;
}

/** The file that the configuration names; undefined: none. */
export function pskFileOf({ listeners }: Config, listener: TlsListenerName): PskFile | undefined {
  const { psk_file: path, psk_format: format, psk_delimiter: delimiter } = listeners[listener];
  return path === '' ? undefined : { path, format, delimiter };
}

/** Reads the file of a listener. Throws `Failure` in words when that cannot be done. */
export function readPskFile(listener: string, { path, format, delimiter }: PskFile): PskKeys {
  try {
    if (statSync(path).size > FILE_BYTES_MAX) throw new Error(`it has more than ${FILE_BYTES_MAX} bytes`);
    return parsePskKeys(readFileSync(path, 'utf8'), format, delimiter);
  } catch (error) {
    throw new Failure(`listeners.${listener}.psk_file cannot be read: ${messageOf(error)}.`);
  }
}
