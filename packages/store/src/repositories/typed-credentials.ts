import {
  readScramKeys,
  X509_CN_KEY,
  X509_PATTERN_KEY,
  type ScramCredential,
  type StoredPskCredential,
  type StoredScramCredential,
} from '@gatehouse/auth-core';
import {
  CREDENTIAL_LIMITS,
  type CredentialFactsWrite,
  type SealedPskKey,
  type TypedFound,
  type TypedQuery,
  type TypedRecord,
} from '@gatehouse/ports';
import type { Session } from '../database.ts';
import { bool, marks, nullableNum, nullableText, num, text, type Row } from '../sql.ts';
import { readX509, storedIdentity, x509Identity } from './credential-facts.ts';
import { parseGrant } from './stored-rules.ts';

/** Names of one certificate, and of its chain, that are asked for. */
const KEYS_MAX = 200;

/** The text that sorts right behind everything that begins with this. */
const after = (prefix: string): string =>
  `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;

/** Answers the questions of the data plane; each goes by the index of identities, or by the key. */
export async function lookupTyped({ sql }: Pick<Session, 'sql'>, query: TypedQuery): Promise<TypedFound> {
  const find = (type: string, identities: readonly string[]): Promise<readonly Row[]> =>
    identities.length === 0
      ? Promise.resolve([])
      : sql.all(
          `SELECT * FROM credentials WHERE type = '${type}' AND identity IS NOT NULL AND identity IN (${marks(identities.length)})`,
          identities,
        );
  switch (query.by) {
    case 'x509-keys':
      return found(await find('x509', query.keys.slice(0, KEYS_MAX).map(x509Identity)));
    case 'x509-patterns':
      return { ...found(await patterns(sql)), x509: await overview(sql) };
    case 'scram-username':
      return found(await find('scram', [storedIdentity(query.username)]));
    case 'psk-identity':
      return found(await find('psk', [storedIdentity(query.identity)]));
    case 'id':
      return found(await sql.all('SELECT * FROM credentials WHERE id = ?', [query.id]));
  }
}

const patterns = (sql: Session['sql']): Promise<readonly Row[]> =>
  sql.all(
    `SELECT * FROM credentials WHERE type = 'x509' AND identity IS NOT NULL AND identity >= ? AND identity < ?
       ORDER BY created_at, id LIMIT ?`,
    [X509_PATTERN_KEY, after(X509_PATTERN_KEY), CREDENTIAL_LIMITS.patternsMax],
  );

async function overview(sql: Session['sql']): Promise<NonNullable<TypedFound['x509']>> {
  const has = async (where: string, values: readonly string[]): Promise<boolean> => {
    const rows = await sql.all(
      `SELECT 1 AS one FROM credentials WHERE type = 'x509' AND identity IS NOT NULL${where} LIMIT 1`,
      values,
    );
    return rows.length > 0;
  };
  const within = ' AND identity >= ? AND identity < ?';
  const isEmpty = !(await has('', []));
  const byCommonName =
    isEmpty ||
    (await has(within, [X509_CN_KEY, after(X509_CN_KEY)])) ||
    (await has(within, [X509_PATTERN_KEY, after(X509_PATTERN_KEY)]));
  return { isEmpty, byCommonName };
}

const found = (rows: readonly Row[]): TypedFound => ({
  records: rows.flatMap((row) => {
    const record = recordOf(row);
    return record === undefined ? [] : [record];
  }),
});

function recordOf(row: Row): TypedRecord | undefined {
  const id = text(row, 'id');
  switch (text(row, 'type')) {
    case 'x509':
      return x509Record(row, id);
    case 'scram':
      return { type: 'scram', id, credential: scramCredential(row, id) };
    case 'psk':
      return { type: 'psk', id, credential: pskCredential(row, id) };
    default:
      return undefined;
  }
}

function x509Record(row: Row, id: string): TypedRecord {
  const facts = readX509(text(row, 'facts'));
  const grant = grantOf(row);
  const key = nullableText(row, 'identity') ?? '';
  if (facts.value === null) return { type: 'x509', id, key, unparsable: facts.problem };
  if (grant.value === null) return { type: 'x509', id, key, unparsable: grant.problem };
  const { match, rulesByCn, skipValidity } = facts.value;
  return {
    type: 'x509',
    ...common(row, id),
    version: num(row, 'version'),
    match,
    rulesByCn,
    skipValidity,
    ...grant.value,
  };
}

const grantOf = (row: Row) => parseGrant(text(row, 'rules'), text(row, 'tags'));

const common = (row: Row, id: string) => ({
  id,
  name: text(row, 'name'),
  superuser: bool(row, 'superuser'),
  enabled: bool(row, 'enabled'),
  expiresAt: nullableNum(row, 'expires_at'),
});

function scramCredential(row: Row, id: string): StoredScramCredential {
  const grant = grantOf(row);
  if (grant.value === null) return { id, unparsable: grant.problem };
  const secret = nullableText(row, 'secret_hash');
  const keys = secret === null ? {} : readScramKeys(secret);
  if ('unparsable' in keys) return { id, unparsable: keys.unparsable };
  return {
    ...common(row, id),
    username: nullableText(row, 'username') ?? '',
    clientId: nullableText(row, 'client_id'),
    keys,
    ...previousKeys(row),
    ...grant.value,
  };
}

/** Those that cannot be read are good for nothing any more. */
function previousKeys(row: Row): Pick<ScramCredential, 'previous'> {
  const hash = nullableText(row, 'previous_hash');
  const keys = hash === null ? { unparsable: '' } : readScramKeys(hash);
  if ('unparsable' in keys) return {};
  return { previous: { keys, validUntil: nullableNum(row, 'previous_valid_until') ?? 0 } };
}

function pskCredential(row: Row, id: string): StoredPskCredential {
  const grant = grantOf(row);
  if (grant.value === null) return { id, unparsable: grant.problem };
  return {
    ...common(row, id),
    identity: text(row, 'identity'),
    keyChangedAt: nullableNum(row, 'secret_changed_at') ?? 0,
    ...grant.value,
  };
}

/** Sealed keys, of all or of these; one without a key is left out. */
export async function sealedPskKeys(
  { sql }: Pick<Session, 'sql'>,
  ids: readonly string[] | undefined,
): Promise<readonly SealedPskKey[]> {
  if (ids?.length === 0) return [];
  const some = ids === undefined ? '' : ` AND id IN (${marks(ids.length)})`;
  const rows = await sql.all(
    `SELECT id, identity, secret_hash, secret_changed_at FROM credentials
       WHERE type = 'psk' AND identity IS NOT NULL AND secret_hash IS NOT NULL${some} LIMIT ?`,
    [...(ids ?? []), CREDENTIAL_LIMITS.pskMax],
  );
  return rows.map((row) => ({
    credentialId: text(row, 'id'),
    identity: text(row, 'identity'),
    sealed: text(row, 'secret_hash'),
    changedAt: nullableNum(row, 'secret_changed_at') ?? 0,
  }));
}

/** The bound that leaves no room for these; undefined: there is room. */
export async function boundOf(
  { prisma }: Pick<Session, 'prisma'>,
  added: readonly CredentialFactsWrite[],
): Promise<number | undefined> {
  const { pskMax, patternsMax } = CREDENTIAL_LIMITS;
  const keys = added.filter(({ type }) => type === 'psk').length;
  // A condition of the index, not of what is counted: each key has an identity.
  const isKey = { type: 'psk', identity: { not: null } };
  if (keys > 0 && (await prisma.credential.count({ where: isKey })) + keys > pskMax) return pskMax;
  const patterns = added.filter((facts) => facts.type === 'x509' && facts.match?.by === 'cn_pattern').length;
  if (patterns === 0) return undefined;
  const count = await prisma.credential.count({
    where: { type: 'x509', identity: { gte: X509_PATTERN_KEY, lt: after(X509_PATTERN_KEY) } },
  });
  return count + patterns > patternsMax ? patternsMax : undefined;
}
