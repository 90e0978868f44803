import { Secret, type Attempt, type Decision } from '@gatehouse/auth-core';
import type { ControlPlane, PasswordHasher } from '@gatehouse/ports';
import type { CachedCredentialSource } from './credential-source.ts';

/** Rehashes under way at once; beyond, the next good login of that client will do. */
const UNDER_WAY_MAX = 4;

export interface RehashNeeds {
  readonly source: CachedCredentialSource;
  readonly hasher: PasswordHasher;
  readonly rehashed: ControlPlane['rehashed'];
}

/** A password as text, if its bytes are exactly that: chosen passwords are hashed as text. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Replaces an outdated hash after a good login, off the hot path: by then the client has long been answered. */
export function createRehash(needs: RehashNeeds): (attempt: Attempt, decision: Decision) => void {
  const underWay = new Set<string>();
  return (attempt, decision) => {
    if (decision.outcome !== 'allow' || !decision.grant.rehash) return;
    const { credentialId } = decision.grant;
    const password = attempt.password && textOf(attempt.password.reveal());
    if (
      credentialId === undefined ||
      password === undefined ||
      underWay.has(credentialId) ||
      underWay.size >= UNDER_WAY_MAX
    )
      return;
    // Only what is in the cache now is certainly the version that has just verified.
    const version = needs.source.versionOf(credentialId, attempt);
    if (version === undefined) return;
    underWay.add(credentialId);
    void needs.hasher
      .hashChosen(new Secret(password))
      .then(({ hash, format }) => {
        needs.rehashed({ credentialId, version, hash, hashFormat: format });
        needs.source.forget(credentialId);
      })
      // Too busy to make a better hash: the old one still works.
      .catch(() => undefined)
      .finally(() => underWay.delete(credentialId));
  };
}
