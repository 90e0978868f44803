import type { UserIdentity, UserIdentityRepository } from '@gatehouse/ports';
import type { Database } from '../database.ts';
import type { UserIdentity as UserIdentityRecord } from '../generated/sqlite/client.ts';
import { big, small } from './values.ts';

export function createUserIdentities({ read, write }: Database): UserIdentityRepository {
  return {
    find: (issuer, subject) =>
      read(async ({ prisma }) => {
        const record = await prisma.userIdentity.findUnique({
          where: { issuer_subject: { issuer, subject } },
        });
        return record === null ? null : fromRecord(record);
      }),
    list: (userId) =>
      read(async ({ prisma }) =>
        (
          await prisma.userIdentity.findMany({
            ...(userId === undefined ? {} : { where: { userId } }),
            orderBy: [{ linkedAt: 'asc' }, { subject: 'asc' }],
          })
        ).map(fromRecord),
      ),
    link: ({ linkedAt, lastUsedAt, ...values }) =>
      write(async ({ prisma }) => {
        const { issuer, subject, userId } = values;
        const taken = await prisma.userIdentity.count({
          where: { issuer, OR: [{ subject }, { userId }] },
        });
        if (taken > 0) return false;
        await prisma.userIdentity.create({
          data: { ...values, linkedAt: BigInt(linkedAt), lastUsedAt: big(lastUsedAt) },
        });
        return true;
      }),
    touch: (issuer, subject, now) =>
      write(async ({ prisma }) => {
        await prisma.userIdentity.updateMany({
          where: { issuer, subject },
          data: { lastUsedAt: BigInt(now) },
        });
      }),
    unlink: (userId) =>
      write(async ({ prisma }) => (await prisma.userIdentity.deleteMany({ where: { userId } })).count),
  };
}

const fromRecord = (record: UserIdentityRecord): UserIdentity => ({
  ...record,
  linkedAt: Number(record.linkedAt),
  lastUsedAt: small(record.lastUsedAt),
});
