import type { Repositories } from '@gatehouse/ports';
import { z } from 'zod';
import type { House } from '../../house.ts';

/** Key of the record in `settings`: what each server on the database keeps in its own file. */
const SETTING = 'trusted-authorities';

const stored = z.array(z.string());

/** Writes which CAs are trusted beside the private one, here and for other servers on the database. */
export async function writeTrusted(
  { certificates }: Pick<House, 'certificates'>,
  tx: Pick<Repositories, 'settings' | 'changeNotes'>,
  pems: readonly string[],
): Promise<void> {
  await tx.settings.set(SETTING, pems);
  await tx.changeNotes.tell([{ kind: 'trust-changed' }]);
  await certificates.writeTrusted(pems);
}

/**
 * Writes here what another server on the same database has written; true: it was something else. Where no other server can be, the
 * file alone says who is trusted.
 */
export async function followTrusted({
  store,
  certificates,
}: {
  readonly store: Pick<House['store'], 'settings' | 'dialect'>;
  readonly certificates: Pick<House['certificates'], 'trusted' | 'writeTrusted'>;
}): Promise<boolean> {
  if (store.dialect === 'sqlite') return false;
  const found = await store.settings.get(SETTING);
  if (found === undefined) return false;
  const pems = stored.parse(found);
  const here = (await certificates.trusted()).map(({ pem }) => pem);
  if (here.length === pems.length && here.every((pem) => pems.includes(pem))) return false;
  await certificates.writeTrusted(pems);
  return true;
}
