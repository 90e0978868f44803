import { randomUUID } from 'node:crypto';
import type {
  ApiKey,
  ApiKeyRepository,
  Role,
  User,
  UserRepository,
  UserSession,
  UserSessionRepository,
} from '@gatehouse/ports';
import type { Database } from '../database.ts';
import type {
  ApiKey as ApiKeyRecord,
  User as UserRecord,
  UserSession as UserSessionRecord,
} from '../generated/sqlite/client.ts';
import { json } from '../sql.ts';
import { secondFactors } from './second-factors.ts';
import { big, small } from './values.ts';

/** Stored where there is none: no hash is empty. */
const NO_PASSWORD = '';

export function createUsers({ read, write }: Database): UserRepository {
  return {
    list: () =>
      read(async ({ prisma }) =>
        (await prisma.user.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })).map(userFrom),
      ),
    get: (id) => read(async ({ prisma }) => maybe(await prisma.user.findUnique({ where: { id } }), userFrom)),
    findForLogin: (email) =>
      read(async ({ prisma }) => {
        const record = await prisma.user.findUnique({ where: { email: emailKey(email) } });
        return maybe(record, (found) => ({
          user: userFrom(found),
          passwordHash: found.passwordHash === NO_PASSWORD ? null : found.passwordHash,
        }));
      }),
    create: ({ email, passwordHash, ...values }, now) =>
      write(async ({ prisma }) => {
        const key = emailKey(email);
        if ((await prisma.user.findUnique({ where: { email: key } })) !== null) return { result: 'conflict' };
        const record = await prisma.user.create({
          data: {
            ...values,
            passwordHash: passwordHash ?? NO_PASSWORD,
            id: randomUUID(),
            email: key,
            enabled: true,
            createdAt: BigInt(now),
          },
        });
        return { result: 'ok', user: userFrom(record) };
      }),
    update: (id, patch) =>
      write(async ({ prisma }) => {
        if ((await prisma.user.findUnique({ where: { id } })) === null) return null;
        return userFrom(await prisma.user.update({ where: { id }, data: patch }));
      }),
    remove: (id) =>
      write(async ({ prisma }) => {
        const record = await prisma.user.findUnique({ where: { id } });
        if (record === null) return null;
        await prisma.user.deleteMany({ where: { id } });
        return userFrom(record);
      }),
    touchLogin: (id, now) =>
      write(async ({ prisma }) => {
        await prisma.user.updateMany({ where: { id }, data: { lastLoginAt: BigInt(now) } });
      }),
    countOwners: () => read(({ prisma }) => prisma.user.count({ where: { role: 'owner', enabled: true } })),
    ...secondFactors({ read, write }),
  };
}

/** Addresses are compared without regard to case. */
function emailKey(email: string): string {
  return email.trim().toLowerCase();
}

function userFrom(record: UserRecord): User {
  return {
    id: record.id,
    email: record.email,
    name: record.name,
    role: record.role as Role,
    enabled: record.enabled,
    totp: record.totpSecret !== null,
    hasPassword: record.passwordHash !== NO_PASSWORD,
    createdAt: Number(record.createdAt),
    lastLoginAt: small(record.lastLoginAt),
  };
}

export function createUserSessions({ read, write }: Database): UserSessionRepository {
  return {
    create: (session) =>
      write(async ({ prisma }) => {
        await prisma.userSession.create({
          data: {
            ...session,
            createdAt: BigInt(session.createdAt),
            lastSeenAt: BigInt(session.lastSeenAt),
            expiresAt: BigInt(session.expiresAt),
            confirmedAt: BigInt(session.confirmedAt),
          },
        });
      }),
    findByTokenHash: (tokenHash) =>
      read(async ({ prisma }) => {
        const session = await prisma.userSession.findUnique({ where: { tokenHash } });
        if (session === null) return null;
        const user = await prisma.user.findUnique({ where: { id: session.userId } });
        return maybe(user, (found) => ({ session: sessionFrom(session), user: userFrom(found) }));
      }),
    touch: (id, now) =>
      write(async ({ prisma }) => {
        await prisma.userSession.updateMany({ where: { id }, data: { lastSeenAt: BigInt(now) } });
      }),
    confirm: (id, now) =>
      write(async ({ prisma }) => {
        await prisma.userSession.updateMany({ where: { id }, data: { confirmedAt: BigInt(now) } });
      }),
    listForUser: (userId) =>
      read(async ({ prisma }) =>
        (await prisma.userSession.findMany({ where: { userId }, orderBy: { lastSeenAt: 'desc' } })).map(
          sessionFrom,
        ),
      ),
    remove: (id) =>
      write(async ({ prisma }) => {
        await prisma.userSession.deleteMany({ where: { id } });
      }),
    removeForUser: (userId, exceptId) =>
      write(async ({ prisma }) => {
        const where = exceptId === undefined ? { userId } : { userId, id: { not: exceptId } };
        return (await prisma.userSession.deleteMany({ where })).count;
      }),
    removeExpired: (now, idleMs) =>
      write(async ({ prisma }) => {
        const where = {
          OR: [{ expiresAt: { lte: BigInt(now) } }, { lastSeenAt: { lte: BigInt(now - idleMs) } }],
        };
        return (await prisma.userSession.deleteMany({ where })).count;
      }),
  };
}

function sessionFrom({ tokenHash: _, ...record }: UserSessionRecord): UserSession {
  return {
    ...record,
    createdAt: Number(record.createdAt),
    lastSeenAt: Number(record.lastSeenAt),
    expiresAt: Number(record.expiresAt),
    confirmedAt: Number(record.confirmedAt),
  };
}

export function createApiKeys({ read, write }: Database): ApiKeyRepository {
  return {
    list: () =>
      read(async ({ prisma }) =>
        (await prisma.apiKey.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })).map(keyFrom),
      ),
    create: ({ scopes, createdAt, expiresAt, lastUsedAt, ...values }) =>
      write(async ({ prisma }) => {
        if ((await prisma.apiKey.findUnique({ where: { name: values.name } })) !== null)
          return { result: 'conflict' };
        const record = await prisma.apiKey.create({
          data: {
            ...values,
            scopes: json(scopes),
            createdAt: BigInt(createdAt),
            expiresAt: big(expiresAt),
            lastUsedAt: big(lastUsedAt),
          },
        });
        return { result: 'ok', key: keyFrom(record) };
      }),
    findByHash: (keyHash) =>
      read(async ({ prisma }) => maybe(await prisma.apiKey.findUnique({ where: { keyHash } }), keyFrom)),
    remove: (id) =>
      write(async ({ prisma }) => {
        const record = await prisma.apiKey.findUnique({ where: { id } });
        if (record === null) return null;
        await prisma.apiKey.deleteMany({ where: { id } });
        return keyFrom(record);
      }),
    touch: (id, at, ip) =>
      write(async ({ prisma }) => {
        await prisma.apiKey.updateMany({ where: { id }, data: { lastUsedAt: BigInt(at), lastUsedIp: ip } });
      }),
  };
}

function keyFrom({ keyHash: _, ...record }: ApiKeyRecord): ApiKey {
  return {
    ...record,
    role: record.role as ApiKey['role'],
    scopes: JSON.parse(record.scopes) as string[],
    createdAt: Number(record.createdAt),
    expiresAt: small(record.expiresAt),
    lastUsedAt: small(record.lastUsedAt),
  };
}

function maybe<T, R>(value: T | null, map: (value: T) => R): R | null {
  return value === null ? null : map(value);
}
