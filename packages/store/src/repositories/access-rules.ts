import { randomUUID } from 'node:crypto';
import { ACCESS_LIMITS, ACCESS_PHASES } from '@gatehouse/auth-core';
import type {
  AccessRulePatch,
  AccessRulePatchResult,
  AccessRulePlace,
  AccessRuleRepository,
  AccessRuleWrite,
  AccessRuleWriteResult,
  StoredAccessRule,
} from '@gatehouse/ports';
import type { Database, Session } from '../database.ts';
import type { AccessRule as AccessRuleRecord } from '../generated/sqlite/client.ts';
import { storable } from '../sql.ts';
import { accessRuleFromRecord, bodyText } from './access-rule-record.ts';

/** Between two neighbours, so that many find room between them before all have to move. */
const GAP = 1_024n;

export function createAccessRules({ read, write }: Database): AccessRuleRepository {
  return {
    all: () =>
      read(async ({ prisma }) => {
        const records = await prisma.accessRule.findMany({
          orderBy: [{ position: 'asc' }, { id: 'asc' }],
          take: ACCESS_LIMITS.rulesMax,
        });
        const rules = records.map(accessRuleFromRecord);
        return ACCESS_PHASES.flatMap((phase) => rules.filter((rule) => rule.phase === phase));
      }),
    get: (id) => read(async ({ prisma }) => nullable(await prisma.accessRule.findUnique({ where: { id } }))),
    create: (values, place, now) => write((session) => create(session, values, place, now)),
    update: (id, patch, ifVersion, now) => write((session) => update(session, id, patch, ifVersion, now)),
    move: (id, place, now) => write((session) => move(session, id, place, now)),
    remove: (id) =>
      write(async ({ prisma }) => {
        const record = await prisma.accessRule.findUnique({ where: { id } });
        if (record !== null) await prisma.accessRule.delete({ where: { id } });
        return nullable(record);
      }),
  };
}

const nullable = (record: AccessRuleRecord | null): StoredAccessRule | null =>
  record === null ? null : accessRuleFromRecord(record);

async function create(
  session: Session,
  values: AccessRuleWrite,
  place: AccessRulePlace,
  now: number,
): Promise<AccessRuleWriteResult> {
  const { prisma } = session;
  const { rulesMax } = ACCESS_LIMITS;
  if ((await prisma.accessRule.count()) >= rulesMax) return { result: 'full', max: rulesMax };
  const record = await prisma.accessRule.create({
    data: {
      id: randomUUID(),
      version: 1,
      phase: place.phase,
      position: await positionAt(session, place, undefined),
      rule: bodyText(values),
      comment: storable(values.comment),
      createdAt: BigInt(now),
      createdBy: storable(values.createdBy),
      updatedAt: BigInt(now),
    },
  });
  return { result: 'ok', rule: accessRuleFromRecord(record) };
}

async function update(
  { prisma }: Session,
  id: string,
  patch: AccessRulePatch,
  ifVersion: number | undefined,
  now: number,
): Promise<AccessRulePatchResult> {
  const current = await prisma.accessRule.findUnique({ where: { id } });
  if (current === null) return { result: 'not-found' };
  if (ifVersion !== undefined && ifVersion !== current.version)
    return { result: 'version-mismatch', current: accessRuleFromRecord(current) };
  const record = await prisma.accessRule.update({
    where: { id },
    data: {
      version: { increment: 1 },
      rule: bodyText(patch),
      comment: storable(patch.comment),
      updatedAt: BigInt(now),
    },
  });
  return { result: 'ok', rule: accessRuleFromRecord(record) };
}

async function move(
  session: Session,
  id: string,
  place: AccessRulePlace,
  now: number,
): Promise<StoredAccessRule | null> {
  const { prisma } = session;
  if ((await prisma.accessRule.count({ where: { id } })) === 0) return null;
  const position = await positionAt(session, place, id);
  const record = await prisma.accessRule.update({
    where: { id },
    data: { version: { increment: 1 }, phase: place.phase, position, updatedAt: BigInt(now) },
  });
  return accessRuleFromRecord(record);
}

/** A position between the neighbours of a place, not counting the rule that is on its way there. */
async function positionAt(
  session: Session,
  { phase, index }: AccessRulePlace,
  moving: string | undefined,
): Promise<bigint> {
  const others = await session.prisma.accessRule.findMany({
    where: { phase, ...(moving === undefined ? {} : { id: { not: moving } }) },
    select: { id: true, position: true },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  });
  const at = Math.min(index ?? others.length, others.length);
  const before = others[at - 1]?.position;
  const after = others[at]?.position;
  if (after === undefined) return (before ?? 0n) + GAP;
  if (before === undefined) return after - GAP;
  if (after - before > 1n) return (before + after) / 2n;
  for (const [place, { id }] of others.entries())
    await session.prisma.accessRule.update({ where: { id }, data: { position: BigInt(place) * GAP } });
  return BigInt(at) * GAP - GAP / 2n;
}
