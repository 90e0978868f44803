import type { Credential, CredentialRepository, PskKey, SecretBox } from '@gatehouse/ports';
import type { Announcing } from '../../house.ts';

/** Credentials that one question is about. */
const IDS_AT_ONCE = 500;

/**
 * The stored pre-shared keys, or those of these credentials, as listeners take them. One that was sealed under another
 * secret key is left out: `unreadable` counts them.
 */
export async function openPskKeys(
  credentials: Pick<CredentialRepository, 'pskKeys'>,
  box: SecretBox,
  ids?: readonly string[],
): Promise<{ readonly keys: readonly PskKey[]; readonly unreadable: number }> {
  const keys: PskKey[] = [];
  let unreadable = 0;
  for (const { sealed, ...rest } of await credentials.pskKeys(ids)) {
    const opened = box.open(sealed, rest.credentialId);
    if (opened === undefined) unreadable += 1;
    else keys.push({ ...rest, key: Uint8Array.from(Buffer.from(opened, 'hex')) });
  }
  return { keys, unreadable };
}

/** Tells the listeners, after the commit, which of these credentials' keys hold now and which are gone. */
export async function announcePskKeys(
  ctx: Announcing,
  changed: readonly { readonly id: string; readonly facts: Pick<Credential['facts'], 'type'> }[],
): Promise<void> {
  const ids = changed.filter(({ facts }) => facts.type === 'psk').map(({ id }) => id);
  const { store, auth, dataPlane, log } = ctx.house;
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE);
    const { keys: put, unreadable } = await openPskKeys(store.credentials, auth.box, some);
    if (unreadable > 0) log.error({ unreadable }, 'pre-shared keys were sealed under another secret key');
    const held = new Set(put.map(({ credentialId }) => credentialId));
    dataPlane.publish({ kind: 'psk-keys-changed', put, removed: some.filter((id) => !held.has(id)) });
  }
}
