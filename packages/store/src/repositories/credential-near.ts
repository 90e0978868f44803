import type { Credential, CredentialRepository } from '@gatehouse/ports';
import type { Session } from '../database.ts';
import { credentialFromRow } from './credential-record.ts';

/** Rows of a name that are none of these: without the other name, with the same, and of a type that shares its names. */
const PASSED_BY_MAX = 8;

/**
 * Begins in the index of the list's order, which holds both names of every type, and reads as many rows as are wanted.
 * Asked for those of one name alone, PostgreSQL reads the whole of a fleet that shares it and sorts it, until it has
 * counted what an import brought.
 */
const near = (column: string, other: string): string =>
  `SELECT * FROM (
     SELECT * FROM credentials WHERE coalesce(${column}, '') >= ? ORDER BY coalesce(${column}, ''), id LIMIT ?
   ) AS beside WHERE ${column} = ? AND type = 'basic' AND ${other} <> ? ORDER BY id LIMIT ?`;

const NEAR = { username: near('username', 'client_id'), clientId: near('client_id', 'username') } as const;

/** Credentials that fit one name and not the other: two look-ups in an index, none for a name that is not there. */
export async function nearIdentity(
  { sql }: Pick<Session, 'sql'>,
  { username, clientId }: Parameters<CredentialRepository['findNear']>[0],
  limit: number,
): Promise<readonly Credential[]> {
  const [user, client] = [username ?? '', clientId ?? ''];
  const read = limit + PASSED_BY_MAX;
  const byUsername = user === '' ? [] : await sql.all(NEAR.username, [user, read, user, client, limit]);
  const byClientId = client === '' ? [] : await sql.all(NEAR.clientId, [client, read, client, user, limit]);
  return [...byUsername, ...byClientId].map(credentialFromRow);
}
