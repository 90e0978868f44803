import type { StoredCredential } from '@gatehouse/auth-core';
import type { Credential } from '@gatehouse/ports';
import type { Credential as CredentialRecord } from '../generated/sqlite/client.ts';
import { bool, nullableNum, nullableText, num, text, type Row } from '../sql.ts';
import { readFacts } from './credential-facts.ts';
import { parseGrant, parseRules, parseTags } from './stored-rules.ts';

/** A credential for administration, from Prisma's record; what of it cannot be read is empty, and it says so. */
export function credentialFromRecord(record: CredentialRecord): Credential {
  const tags = parseTags(record.tags);
  const rules = parseRules(record.rules);
  const { facts, problem } = readFacts(record, record.secretHash);
  return {
    id: record.id,
    version: record.version,
    name: record.name,
    facts,
    username: record.username,
    clientId: record.clientId,
    hasSecret: record.secretHash !== null,
    hashFormat: record.hashFormat,
    secretKind: record.secretKind as Credential['secretKind'],
    passwordless: record.passwordless,
    superuser: record.superuser,
    enabled: record.enabled,
    expiresAt: time(record.expiresAt),
    description: record.description,
    tags: tags.value ?? [],
    rules: rules.value ?? [],
    unparsable: problem ?? rules.problem ?? tags.problem,
    previousSecretValidUntil: record.previousHash === null ? null : time(record.previousValidUntil),
    secretChangedAt: time(record.secretChangedAt),
    createdAt: Number(record.createdAt),
    updatedAt: Number(record.updatedAt),
    lastUsedAt: time(record.lastUsedAt),
    lastUsedIp: record.lastUsedIp,
    source: record.source as Credential['source'],
  };
}

/** The same from a row of hand-written SQL. */
export function credentialFromRow(row: Row): Credential {
  return credentialFromRecord(recordFromRow(row));
}

function recordFromRow(row: Row): CredentialRecord {
  const big = (column: string): bigint | null => {
    const value = nullableNum(row, column);
    return value === null ? null : BigInt(value);
  };
  return {
    id: text(row, 'id'),
    version: num(row, 'version'),
    type: text(row, 'type'),
    identity: nullableText(row, 'identity'),
    facts: text(row, 'facts'),
    name: text(row, 'name'),
    username: nullableText(row, 'username'),
    clientId: nullableText(row, 'client_id'),
    secretHash: nullableText(row, 'secret_hash'),
    hashFormat: nullableText(row, 'hash_format'),
    secretKind: nullableText(row, 'secret_kind'),
    previousHash: nullableText(row, 'previous_hash'),
    previousValidUntil: big('previous_valid_until'),
    passwordless: bool(row, 'passwordless'),
    superuser: bool(row, 'superuser'),
    enabled: bool(row, 'enabled'),
    expiresAt: big('expires_at'),
    description: text(row, 'description'),
    tags: text(row, 'tags'),
    rules: text(row, 'rules'),
    secretChangedAt: big('secret_changed_at'),
    createdAt: BigInt(num(row, 'created_at')),
    updatedAt: BigInt(num(row, 'updated_at')),
    lastUsedAt: big('last_used_at'),
    lastUsedIp: nullableText(row, 'last_used_ip'),
    source: text(row, 'source'),
  };
}

/** What the chain decides with; a row that cannot be read says so instead of failing the lookup. */
export function storedCredential(row: Row): StoredCredential {
  const grant = parseGrant(text(row, 'rules'), text(row, 'tags'));
  if (grant.value === null) {
    return { id: text(row, 'id'), version: num(row, 'version'), unparsable: grant.problem };
  }
  const previousHash = nullableText(row, 'previous_hash');
  return {
    id: text(row, 'id'),
    version: num(row, 'version'),
    name: text(row, 'name'),
    username: nullableText(row, 'username'),
    clientId: nullableText(row, 'client_id'),
    enabled: bool(row, 'enabled'),
    expiresAt: nullableNum(row, 'expires_at'),
    secretHash: nullableText(row, 'secret_hash'),
    previousSecret:
      previousHash === null
        ? null
        : { hash: previousHash, validUntil: nullableNum(row, 'previous_valid_until') ?? 0 },
    passwordless: bool(row, 'passwordless'),
    superuser: bool(row, 'superuser'),
    ...grant.value,
    secretChangedAt: nullableNum(row, 'secret_changed_at') ?? num(row, 'created_at'),
  };
}

function time(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}
