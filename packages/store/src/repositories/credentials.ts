import { randomUUID } from 'node:crypto';
import type { StoredCredential } from '@gatehouse/auth-core';
import type {
  Clock,
  Credential,
  CredentialFactsWrite,
  CredentialPatch,
  CredentialRepository,
  CredentialWrite,
  CredentialWriteResult,
} from '@gatehouse/ports';
import type { Database, Session } from '../database.ts';
import type { Credential as CredentialRecord, Prisma } from '../generated/sqlite/client.ts';
import { storable, json } from '../sql.ts';
import { factColumns } from './credential-facts.ts';
import { byIdentities, byIdentity } from './credential-identity.ts';
import { nearIdentity } from './credential-near.ts';
import { insertRecords } from './credential-insert.ts';
import { credentialFromRecord, storedCredential } from './credential-record.ts';
import { updateRecords } from './credential-update.ts';
import { boundOf, lookupTyped, sealedPskKeys } from './typed-credentials.ts';
import { big, inChunks, pages } from './values.ts';

/** The lookup of a login: three index look-ups at most, none for a strategy that does not ask. */
const LOOKUP = {
  username: "SELECT * FROM credentials WHERE type = 'basic' AND username = ? AND client_id IS NULL",
  clientid: "SELECT * FROM credentials WHERE type = 'basic' AND client_id = ? AND username IS NULL",
  exact:
    "SELECT * FROM credentials WHERE type = 'basic' AND username = ? AND client_id = ? AND username IS NOT NULL AND client_id IS NOT NULL",
} as const;

const BASIC: CredentialFactsWrite = { type: 'basic' };

export function createCredentials(database: Database, clock: Clock): CredentialRepository {
  const { read, write, query } = database;
  return {
    page: (filter, request) => query('credentials.page', { filter, request, now: clock.now() }),
    stream: (filter, chunk) =>
      pages(async (cursor) => query('credentials.chunk', { filter, cursor, limit: chunk, now: clock.now() })),
    tags: () => query('credentials.tags', undefined),
    get: (id) => read(async ({ prisma }) => nullable(await prisma.credential.findUnique({ where: { id } }))),
    getEach: (ids) =>
      read(({ prisma }) =>
        inChunks(ids, async (some) => {
          const records = await prisma.credential.findMany({ where: { id: { in: [...some] } } });
          return records.map(credentialFromRecord);
        }),
      ),
    names: (ids) =>
      read(async ({ prisma }) => {
        const where = (some: readonly string[]) => ({ id: { in: [...some] } });
        const select = { id: true, name: true };
        const found = await inChunks(ids, (some) =>
          prisma.credential.findMany({ where: where(some), select }),
        );
        return new Map(found.map(({ id, name }) => [id, name]));
      }),
    findByIdentity: (identity) => read((session) => byIdentity(session, identity)),
    findByFacts: ({ facts, username }) =>
      read((session) => byIdentity(session, { facts, username, clientId: null })),
    findNear: (identity, limit) => read((session) => nearIdentity(session, identity, limit)),
    findEach: (identities) => read((session) => byIdentities(session, identities)),
    lookupTyped: (queries) =>
      read((session) => Promise.all(queries.map((asked) => lookupTyped(session, asked)))),
    pskKeys: (ids) => read((session) => sealedPskKeys(session, ids)),
    secretHash: (id) =>
      read(async ({ prisma }) => {
        const found = await prisma.credential.findUnique({ where: { id }, select: { secretHash: true } });
        return found?.secretHash ?? null;
      }),
    count: () => read(({ prisma }) => prisma.credential.count()),
    stored: (id) =>
      read(async ({ sql }) => {
        const [row] = await sql.all("SELECT * FROM credentials WHERE id = ? AND type = 'basic'", [id]);
        const stored = row === undefined ? null : storedCredential(row);
        return stored === null || 'unparsable' in stored ? null : stored;
      }),
    lookup: (queries) => read(({ sql }) => Promise.all(queries.map((asked) => lookup({ sql }, asked)))),
    create: (values, now) =>
      write(async (session) => {
        const existing = await byIdentity(session, values);
        if (existing !== null) return { result: 'conflict', existing };
        const max = await boundOf(session, [values.facts ?? BASIC]);
        if (max !== undefined) return { result: 'full', max };
        const record = await session.prisma.credential.create({
          data: newRecord(values, now),
        });
        return ok(record);
      }),
    createEach: (writes, now) => write((session) => createEach(session, writes, now)),
    updateEach: (changes, now) => write((session) => updateRecords(session, changes, now)),
    update: (id, patch, ifVersion, now) => write((session) => update(session, { id, patch, ifVersion, now })),
    setSecret: (id, secret, now) =>
      write((session) =>
        change(session, id, now, (current) => ({
          secretHash: secret.hash,
          hashFormat: secret.hashFormat,
          secretKind: secret.secretKind,
          secretChangedAt: BigInt(now),
          // Without a grace period the old hash is kept all the same, ended as of now: `acceptPrevious` may bring it back.
          previousHash: current.secretHash,
          previousValidUntil: current.secretHash === null ? null : BigInt(secret.keepPreviousUntil ?? now),
        })),
      ),
    acceptPrevious: (id, until, now) =>
      write((session) =>
        change(session, id, now, (current) =>
          current.previousHash === null ? null : { previousValidUntil: BigInt(until) },
        ),
      ),
    rehash: (id, version, hash, hashFormat) =>
      write(async ({ prisma }) => {
        await prisma.credential.updateMany({
          where: { id, version },
          data: { secretHash: hash, hashFormat },
        });
      }),
    remove: (ids) =>
      write(({ prisma }) =>
        inChunks(ids, async (some) => {
          const records = await prisma.credential.findMany({ where: { id: { in: [...some] } } });
          await prisma.credential.deleteMany({ where: { id: { in: [...some] } } });
          return records.map(credentialFromRecord);
        }),
      ),
    setEnabled: (ids, enabled, now) =>
      write(({ prisma }) =>
        inChunks(ids, async (some) => {
          const where = { id: { in: [...some] }, enabled: !enabled };
          const changed = await prisma.credential.findMany({ where, select: { id: true } });
          await prisma.credential.updateMany({
            where,
            data: { enabled, updatedAt: BigInt(now), version: { increment: 1 } },
          });
          const records = await prisma.credential.findMany({
            where: { id: { in: changed.map(({ id }) => id) } },
          });
          return records.map(credentialFromRecord);
        }),
      ),
    touch: (uses) =>
      write(async ({ sql }) => {
        for (const { id, at, ip } of uses) {
          // Another node may have written a later one.
          await sql.run(
            `UPDATE credentials SET last_used_at = ?, last_used_ip = ?
             WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)`,
            [at, ip, id, at],
          );
        }
      }),
  };
}

async function lookup(
  { sql }: Pick<Session, 'sql'>,
  { username, clientId, strategy }: Parameters<CredentialRepository['lookup']>[0][number],
): Promise<readonly StoredCredential[]> {
  const rows = [
    ...(strategy === 'clientid' || username === undefined ? [] : await sql.all(LOOKUP.username, [username])),
    ...(strategy === 'username' ? [] : await sql.all(LOOKUP.clientid, [clientId])),
    ...(strategy !== 'both' || username === undefined
      ? []
      : await sql.all(LOOKUP.exact, [username, clientId])),
  ];
  return rows.map(storedCredential);
}

interface Update {
  readonly id: string;
  readonly patch: CredentialPatch;
  readonly ifVersion: number | undefined;
  readonly now: number;
}

async function update(
  session: Session,
  { id, patch, ifVersion, now }: Update,
): Promise<CredentialWriteResult> {
  const current = await session.prisma.credential.findUnique({ where: { id } });
  if (current === null) return { result: 'not-found' };
  if (ifVersion !== undefined && ifVersion !== current.version) {
    return { result: 'version-mismatch', current: credentialFromRecord(current) };
  }
  const identity = {
    username: patch.username === undefined ? current.username : patch.username,
    clientId: patch.clientId === undefined ? current.clientId : patch.clientId,
  };
  const before = credentialFromRecord(current);
  const facts = patch.facts ?? before.facts;
  const existing = await byIdentity(session, { facts, ...identity });
  if (existing !== null && existing.id !== id) return { result: 'conflict', existing };
  const max = isPattern(before.facts)
    ? undefined
    : await boundOf(session, [facts.type === 'psk' ? BASIC : facts]);
  if (max !== undefined) return { result: 'full', max };
  // What cannot be read keeps its columns until it is written anew.
  const isSame = patch.facts === undefined && identity.username === current.username;
  const columns = isSame ? {} : factColumns(facts, identity.username);
  return change(session, id, now, () => ({ ...fields(patch), ...columns }));
}

const isPattern = (facts: CredentialFactsWrite): boolean =>
  facts.type === 'x509' && facts.match?.by === 'cn_pattern';

/** Writes what `values` gives, raising the version; null stands for "there is nothing to change". */
async function change(
  { prisma }: Session,
  id: string,
  now: number,
  values: (current: CredentialRecord) => Prisma.CredentialUpdateInput | null,
): Promise<CredentialWriteResult> {
  const current = await prisma.credential.findUnique({ where: { id } });
  const data = current === null ? null : values(current);
  if (data === null) return { result: 'not-found' };
  const record = await prisma.credential.update({
    where: { id },
    data: { ...data, version: { increment: 1 }, updatedAt: BigInt(now) },
  });
  return ok(record);
}

async function createEach(
  session: Session,
  writes: readonly CredentialWrite[],
  now: number,
): ReturnType<CredentialRepository['createEach']> {
  const max = await boundOf(
    session,
    writes.map(({ facts = BASIC }) => facts),
  );
  if (max !== undefined) return { result: 'full', max };
  const records = writes.map((values) => newRecord(values, now));
  await insertRecords(session, records);
  return { result: 'ok', credentials: records.map(credentialFromRecord) };
}

function newRecord(values: CredentialWrite, now: number): CredentialRecord {
  return {
    id: values.id ?? randomUUID(),
    version: 1,
    ...factColumns(values.facts ?? BASIC, values.username),
    name: storable(values.name),
    username: values.username,
    clientId: values.clientId,
    secretHash: values.secretHash,
    hashFormat: values.hashFormat,
    secretKind: values.secretKind,
    previousHash: null,
    previousValidUntil: null,
    passwordless: values.passwordless,
    superuser: values.superuser,
    enabled: values.enabled,
    expiresAt: big(values.expiresAt),
    description: storable(values.description),
    tags: json(values.tags),
    rules: json(values.rules),
    secretChangedAt: values.secretHash === null ? null : BigInt(now),
    createdAt: BigInt(now),
    updatedAt: BigInt(now),
    lastUsedAt: null,
    lastUsedIp: null,
    source: values.source,
  };
}

/** The columns of what was given, and only of that. */
function fields(patch: CredentialPatch): Prisma.CredentialUpdateInput {
  return {
    ...(patch.name === undefined ? {} : { name: storable(patch.name) }),
    ...(patch.username === undefined ? {} : { username: patch.username }),
    ...(patch.clientId === undefined ? {} : { clientId: patch.clientId }),
    ...(patch.passwordless === undefined ? {} : { passwordless: patch.passwordless }),
    ...(patch.superuser === undefined ? {} : { superuser: patch.superuser }),
    ...(patch.enabled === undefined ? {} : { enabled: patch.enabled }),
    ...(patch.expiresAt === undefined ? {} : { expiresAt: big(patch.expiresAt) }),
    ...(patch.description === undefined ? {} : { description: storable(patch.description) }),
    ...(patch.tags === undefined ? {} : { tags: json(patch.tags) }),
    ...(patch.rules === undefined ? {} : { rules: json(patch.rules) }),
  };
}

function ok(record: CredentialRecord): CredentialWriteResult {
  return { result: 'ok', credential: credentialFromRecord(record) };
}

function nullable(record: CredentialRecord | null): Credential | null {
  return record === null ? null : credentialFromRecord(record);
}
