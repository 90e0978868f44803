import type { Invitation, InvitationRepository, Role } from '@gatehouse/ports';
import type { Database } from '../database.ts';
import type { Invitation as InvitationRecord } from '../generated/sqlite/client.ts';

export function createInvitations({ read, write }: Database): InvitationRepository {
  return {
    list: () =>
      read(async ({ prisma }) =>
        (await prisma.invitation.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'asc' }] })).map(
          fromRecord,
        ),
      ),
    put: ({ createdAt, expiresAt, ...values }) =>
      write(async ({ prisma }) => {
        await prisma.invitation.deleteMany({ where: { email: values.email } });
        await prisma.invitation.create({
          data: { ...values, createdAt: BigInt(createdAt), expiresAt: BigInt(expiresAt) },
        });
      }),
    findByTokenHash: (tokenHash) =>
      read(async ({ prisma }) => {
        const record = await prisma.invitation.findUnique({ where: { tokenHash } });
        return record === null ? null : fromRecord(record);
      }),
    remove: (id) =>
      write(async ({ prisma }) => {
        const record = await prisma.invitation.findUnique({ where: { id } });
        if (record === null) return null;
        const { count } = await prisma.invitation.deleteMany({ where: { id } });
        return count === 1 ? fromRecord(record) : null;
      }),
    removeExpired: (now) =>
      write(
        async ({ prisma }) =>
          (await prisma.invitation.deleteMany({ where: { expiresAt: { lte: BigInt(now) } } })).count,
      ),
  };
}

function fromRecord({ tokenHash: _, ...record }: InvitationRecord): Invitation {
  return {
    ...record,
    role: record.role as Role,
    createdAt: Number(record.createdAt),
    expiresAt: Number(record.expiresAt),
  };
}
