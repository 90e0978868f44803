import { existsSync, rmSync } from 'node:fs';
import type { Store } from '@gatehouse/ports';
import { ensureSecretKey, type DataDir } from '../runtime/data-dir.ts';
import { Failure } from '../runtime/failure.ts';
import { createSecretBox } from '../runtime/secret-box.ts';

/** Where a text lies that was sealed under the key that belongs to the store. */
const SETTING = 'secret-key';
const TEXT = 'gatehouse';

/**
 * The secret key. A database may be used by servers of several machines, which all need the one that its secrets are
 * sealed under: another is refused, and none is made where one is missing. In the data directory it lies beside the store
 * anyway; what cannot be opened there is told one by one.
 */
export async function secretKeyFor({ dialect, settings }: Store, dir: DataDir): Promise<Uint8Array> {
  if (dialect === 'sqlite') return ensureSecretKey(dir);
  const mark = await settings.get(SETTING);
  const isNew = !existsSync(dir.secretKeyFile);
  const key = ensureSecretKey(dir);
  const box = createSecretBox(key);
  if (typeof mark !== 'string') {
    await settings.set(SETTING, box.seal(TEXT, SETTING));
    return key;
  }
  if (box.open(mark, SETTING) === TEXT) return key;
  if (isNew) rmSync(dir.secretKeyFile);
  throw new Failure(
    `${isNew ? `There is no secret key at ${dir.secretKeyFile}` : `The secret key ${dir.secretKeyFile} is another`}: what is secret in this database is sealed under the key of the server that made it.\nCopy that server's secret.key and name it with --set secret_key_file=PATH. Is it lost for good, delete the row '${SETTING}' of the table settings, and set the sealed secrets anew.`,
  );
}
