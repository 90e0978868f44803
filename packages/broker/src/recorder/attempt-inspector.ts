import { isUtf8 } from 'node:buffer';
import type { BasicCredential, Secret, StoredCredential } from '@gatehouse/auth-core';
import type { CredentialSource, MismatchHint, MismatchInspector } from '@gatehouse/ports';

/** A password that did not match, while it is still in memory. */
export interface Mismatch {
  readonly clientId: string;
  readonly username: string | null;
  readonly secret: Secret<Uint8Array>;
}

/** Works out why a password did not match; takes its time and never rejects for what a peer sent. */
export interface AttemptInspector {
  hints(mismatch: Mismatch): Promise<readonly MismatchHint[]>;
}

/** Inspects against the built-in credentials that the attempt named, and those it names the other way round. */
export function createAttemptInspector(deps: {
  readonly credentials: CredentialSource;
  readonly inspector: MismatchInspector;
}): AttemptInspector {
  const find = async (
    username: string | undefined,
    clientId: string,
  ): Promise<readonly BasicCredential[]> => {
    const found = await deps.credentials.find({ username, clientId, strategy: 'both' });
    return found === 'unavailable' ? [] : found.filter(isReadable);
  };

  return {
    async hints({ clientId, username, secret }) {
      const known = await find(username ?? undefined, clientId);
      const named = known.length > 0 ? known : await find(asUsername(secret), clientId);
      const swapped = username === null ? [] : await find(clientId, username);
      const all = [...named, ...swapped];
      const hints = new Set<MismatchHint>();
      for (const credential of named) {
        const others = all.filter(({ id }) => id !== credential.id);
        for (const hint of await deps.inspector.hints(credential, username, secret, others)) hints.add(hint);
      }
      return [...hints];
    },
  };
}

/** Longer ones are nobody's username. */
const USERNAME_BYTES_MAX = 256;

/** The password as the username that it is where the two were swapped; undefined where it cannot be one. */
function asUsername(secret: Secret<Uint8Array>): string | undefined {
  const bytes = secret.reveal();
  return bytes.length === 0 || bytes.length > USERNAME_BYTES_MAX || !isUtf8(bytes)
    ? undefined
    : Buffer.from(bytes).toString('utf8');
}

const isReadable = (credential: StoredCredential): credential is BasicCredential =>
  !('unparsable' in credential);
