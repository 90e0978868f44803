import { accessSync, constants, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Config } from '../config/schema.ts';
import { codeOf, Failure, messageOf } from './failure.ts';

/** Files of a data directory. */
export interface DataDir {
  readonly path: string;
  /** The embedded store. */
  readonly databaseFile: string;
  readonly lockFile: string;
  readonly runFile: string;
  readonly controlSocket: string;
  readonly secretKeyFile: string;
  /** Where `listeners.unix` opens its socket. */
  readonly mqttSocket: string;
  /** The server's own authority and its certificates. */
  readonly pki: string;
}

/** Names the files; touches nothing. */
export function dataDirOf(config: Config): DataDir {
  const path = resolve(config.data_dir);
  const { unix } = config.listeners;
  return {
    path,
    databaseFile: `${path}/main.db`,
    lockFile: `${path}/lock.db`,
    runFile: `${path}/run.json`,
    controlSocket: `${path}/control.sock`,
    mqttSocket: unix.path === '' ? `${path}/mqtt.sock` : resolve(unix.path),
    pki: `${path}/pki`,
    secretKeyFile: config.secret_key_file === '' ? `${path}/secret.key` : resolve(config.secret_key_file),
  };
}

const WHY: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of this name',
  ENOTDIR: 'a part of the path is a file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left',
};

const why = (error: unknown): string => WHY[codeOf(error) ?? ''] ?? messageOf(error);

/** Makes the directory (0700) where it is missing. Throws `Failure` in words when it cannot be used. */
export function prepareDataDir(dir: DataDir): void {
  // Whatever is made in it is for its owner only.
  process.umask(0o077);
  try {
    mkdirSync(dir.path, { recursive: true, mode: 0o700 });
    if (!statSync(dir.path).isDirectory())
      throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' });
    accessSync(dir.path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Failure(
      `The data directory ${dir.path} cannot be used: ${why(error)}.\nChoose another with --set data_dir=PATH, or make it writable for this user.`,
    );
  }
}

/** Bytes of the key that encrypts secrets at rest. */
const SECRET_KEY_BYTES = 32;

/**
 * The server's secret key, which everything secret at rest is encrypted under; made (0600) when there is none. Throws
 * `Failure` in words, also when it is damaged.
 */
export function ensureSecretKey(dir: DataDir): Uint8Array {
  try {
    writeFileSync(dir.secretKeyFile, `${randomBytes(SECRET_KEY_BYTES).toString('base64url')}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST')
      throw new Failure(`The secret key ${dir.secretKeyFile} cannot be made: ${why(error)}.`);
  }
  return readSecretKey(dir);
}

/** The key that is there. Throws `Failure` in words when it is damaged. */
export function readSecretKey(dir: DataDir): Uint8Array {
  let text: string;
  try {
    text = readFileSync(dir.secretKeyFile, 'utf8');
  } catch (error) {
    throw new Failure(`The secret key ${dir.secretKeyFile} cannot be read: ${why(error)}.`);
  }
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== SECRET_KEY_BYTES) {
    throw new Failure(
      `The secret key ${dir.secretKeyFile} is damaged: expected ${SECRET_KEY_BYTES} bytes in base64url. Restore it from a copy.`,
    );
  }
  return key;
}
