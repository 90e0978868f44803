import type { Credential, CredentialRepository } from '@gatehouse/ports';
import type { Session } from '../database.ts';
import { credentialFromRow } from './credential-record.ts';

/** By the indexes of the list's order, which hold both names of every type. */
const NEAR = {
  username:
    "SELECT * FROM credentials WHERE coalesce(username, '') = ? AND type = 'basic' AND client_id <> ? ORDER BY id LIMIT ?",
  clientId:
    "SELECT * FROM credentials WHERE coalesce(client_id, '') = ? AND type = 'basic' AND username <> ? ORDER BY id LIMIT ?",
} as const;

/** Credentials that fit one name and not the other: two look-ups in an index, none for a name that is not there. */
export async function nearIdentity(
  { sql }: Pick<Session, 'sql'>,
  { username, clientId }: Parameters<CredentialRepository['findNear']>[0],
  limit: number,
): Promise<readonly Credential[]> {
  const [user, client] = [username ?? '', clientId ?? ''];
  const byUsername = user === '' ? [] : await sql.all(NEAR.username, [user, client, limit]);
  const byClientId = client === '' ? [] : await sql.all(NEAR.clientId, [client, user, limit]);
  return [...byUsername, ...byClientId].map(credentialFromRow);
}
