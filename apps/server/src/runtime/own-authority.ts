import { type Authority, DamagedAuthorityError, openAuthority } from '@gatehouse/pki';
import type { DataDir } from './data-dir.ts';
import { Failure } from './failure.ts';

/** The server's own authority, made when there is none. Throws `Failure` in words when its files are damaged. */
export async function openOwnAuthority(dir: DataDir): Promise<Authority> {
  try {
    return await openAuthority(dir.pki, Date.now());
  } catch (error) {
    if (!(error instanceof DamagedAuthorityError)) throw error;
    throw new Failure(`The certificates in ${dir.pki} cannot be used: ${error.message}.`, undefined, {
      cause: error,
    });
  }
}
