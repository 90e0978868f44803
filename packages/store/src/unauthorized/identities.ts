import { createHash } from 'node:crypto';
import { networkOf } from '@gatehouse/auth-core';
import type { AcceptedLogin, Signature } from '@gatehouse/ports';
import { marks, text, type SqlRunner } from '../sql.ts';
import type { StoredRow } from './row.ts';

/** Open rows that the logins of one statement resolve by identity; what is left waits for the next login. */
const ROWS_BY_IDENTITY_MAX = 256;

/** Identities inserted per statement. */
const ADDED_PER_STATEMENT = 128;

type Kind = 'certificate' | 'common-name' | 'psk' | 'username';

const sha256 = (parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex');

const identity = (kind: Kind, value: string, network: string): string => sha256([kind, network, value]);

/** The key of rows that have a client ID (`AttemptDelta.key`). */
export const keyOfClientId = (clientId: string): string => sha256([clientId]);

/**
 * What a client goes by whatever its client ID, as SHA-256 in hex. A certificate stands for itself wherever it comes
 * from, for nobody else has its key; a common name, a PSK identity and a username can be claimed by anyone, and count
 * for one network.
 */
function identitiesOf(
  { fingerprint, commonName, pskIdentity }: Pick<Signature, 'fingerprint' | 'commonName' | 'pskIdentity'>,
  username: string | null,
  network: string,
): readonly string[] {
  const named: readonly (readonly [Kind, string | null | undefined])[] = [
    ['common-name', commonName],
    ['psk', pskIdentity],
    ['username', username],
  ];
  return [
    ...(fingerprint === undefined ? [] : [identity('certificate', fingerprint, '')]),
    ...named.flatMap(([kind, value]) =>
      value === undefined || value === null || value === '' ? [] : [identity(kind, value, network)],
    ),
  ];
}

export const identitiesOfLogin = (login: AcceptedLogin): readonly string[] =>
  identitiesOf(login, login.username, networkOf(login.ip));

/** Those of one who was refused; his username counts only where there is no client ID. */
export const identitiesOfSignature = (
  { clientId }: Pick<StoredRow, 'clientId'>,
  signature: Signature,
): readonly string[] =>
  identitiesOf(signature, clientId === '' ? signature.username : null, signature.network);

/** Under which identities a row waits for a good login. */
const openIdentitiesOf = (row: StoredRow | undefined): ReadonlySet<string> =>
  new Set(
    (row?.inside.signatures ?? [])
      .filter(({ resolved }) => !resolved)
      .flatMap((signature) => (row === undefined ? [] : identitiesOfSignature(row, signature))),
  );

/** Keys of the open rows under identities, the newest first, at most {@link ROWS_BY_IDENTITY_MAX}. */
export async function openKeysOf(
  sql: SqlRunner,
  generation: number,
  identities: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const asked = [...new Set(identities)];
  const keys = new Map<string, string[]>();
  if (asked.length === 0) return keys;
  const rows = await sql.all(
    `SELECT i.identity AS identity, c.key AS row_key FROM unauthorized_identities i
     JOIN unauthorized_clients c ON c.id = i.row_id
     WHERE i.identity IN (${marks(asked.length)}) AND c.generation = ? ORDER BY i.row_id DESC LIMIT ?`,
    [...asked, generation, ROWS_BY_IDENTITY_MAX],
  );
  for (const row of rows) {
    const name = text(row, 'identity');
    keys.set(name, [...(keys.get(name) ?? []), text(row, 'row_key')]);
  }
  return keys;
}

interface Written {
  readonly id: number;
  readonly row: StoredRow;
  readonly before: StoredRow | undefined;
}

/** Keeps under which identities rows wait for a good login. */
export async function writeIdentities(sql: SqlRunner, written: readonly Written[]): Promise<void> {
  const added: (string | number)[][] = [];
  for (const { id, row, before } of written) {
    const was = openIdentitiesOf(before);
    const is = openIdentitiesOf(row);
    const gone = [...was].filter((one) => !is.has(one));
    added.push(...[...is].filter((one) => !was.has(one)).map((one) => [one, id]));
    if (gone.length > 0) {
      await sql.run(
        `DELETE FROM unauthorized_identities WHERE row_id = ? AND identity IN (${marks(gone.length)})`,
        [id, ...gone],
      );
    }
  }
  for (let start = 0; start < added.length; start += ADDED_PER_STATEMENT) {
    const some = added.slice(start, start + ADDED_PER_STATEMENT);
    await sql.run(
      `INSERT INTO unauthorized_identities (identity, row_id) VALUES ${some.map(() => '(?, ?)').join(', ')}
       ON CONFLICT (identity, row_id) DO NOTHING`,
      some.flat(),
    );
  }
}
