import type { UserRepository } from '@gatehouse/ports';
import type { Database } from '../database.ts';

type SecondFactors = Pick<
  UserRepository,
  'secondFactor' | 'setSecondFactor' | 'setRecoveryCodes' | 'useTotpStep' | 'useRecoveryCode'
>;

/** The part of the users' repository that is about codes. Using one is a single conditional write: it happens once. */
export function secondFactors({ read, write }: Pick<Database, 'read' | 'write'>): SecondFactors {
  return {
    secondFactor: (id) =>
      read(async ({ prisma }) => {
        const record = await prisma.user.findUnique({ where: { id } });
        const recoveryCodes = await prisma.recoveryCode.count({ where: { userId: id } });
        return { sealedSecret: record?.totpSecret ?? null, recoveryCodes };
      }),
    setSecondFactor: (id, factor) =>
      write(async ({ prisma }) => {
        const data =
          factor === null
            ? { totpSecret: null, totpStep: null }
            : { totpSecret: factor.sealedSecret, totpStep: BigInt(factor.usedStep) };
        await prisma.user.updateMany({ where: { id }, data });
        if (factor === null) await prisma.recoveryCode.deleteMany({ where: { userId: id } });
      }),
    setRecoveryCodes: (userId, codeHashes) =>
      write(async ({ prisma }) => {
        await prisma.recoveryCode.deleteMany({ where: { userId } });
        for (const codeHash of codeHashes) await prisma.recoveryCode.create({ data: { userId, codeHash } });
      }),
    useTotpStep: (id, step) =>
      write(async ({ prisma }) => {
        const { count } = await prisma.user.updateMany({
          where: { id, OR: [{ totpStep: null }, { totpStep: { lt: BigInt(step) } }] },
          data: { totpStep: BigInt(step) },
        });
        return count === 1;
      }),
    useRecoveryCode: (userId, codeHash) =>
      write(async ({ prisma }) => {
        const { count } = await prisma.recoveryCode.deleteMany({ where: { userId, codeHash } });
        return count === 1;
      }),
  };
}
