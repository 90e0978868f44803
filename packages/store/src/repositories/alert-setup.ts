import { randomUUID } from 'node:crypto';
import { ALERT_LIMITS, type AlertSetupRepository } from '@gatehouse/ports';
import type { Database } from '../database.ts';
import { json, storable } from '../sql.ts';
import {
  channelColumns,
  channelFromRecord,
  NO_HEALTH,
  ruleColumns,
  ruleFromRecord,
  silenceFromRecord,
} from './alert-records.ts';

type Setup = AlertSetupRepository;
type Part<K extends keyof Setup> = Pick<Setup, K>;

export const createAlertSetup = (database: Database): Setup => ({
  ...rulesOf(database),
  ...channelsOf(database),
  ...silencesOf(database),
});

function rulesOf({
  read,
  write,
}: Database): Part<'rules' | 'rule' | 'createRule' | 'updateRule' | 'removeRule'> {
  const { rulesMax } = ALERT_LIMITS;
  return {
    rules: () =>
      read(async ({ prisma }) =>
        (await prisma.alertRule.findMany({ orderBy: { createdAt: 'asc' }, take: rulesMax })).map(
          ruleFromRecord,
        ),
      ),
    rule: (id) =>
      read(async ({ prisma }) => {
        const record = await prisma.alertRule.findUnique({ where: { id } });
        return record === null ? null : ruleFromRecord(record);
      }),
    createRule: (values, now) =>
      write(async ({ prisma }) => {
        if ((await prisma.alertRule.count()) >= rulesMax) return { result: 'full', max: rulesMax };
        const at = BigInt(now);
        const data = { id: randomUUID(), version: 1, createdAt: at, updatedAt: at };
        const createdBy = storable(values.createdBy);
        const record = await prisma.alertRule.create({
          data: { ...data, ...ruleColumns(values), createdBy },
        });
        return { result: 'ok', rule: ruleFromRecord(record) };
      }),
    updateRule: (id, values, ifVersion, now) =>
      write(async ({ prisma }) => {
        const current = await prisma.alertRule.findUnique({ where: { id } });
        if (current === null) return { result: 'not-found' };
        if (ifVersion !== undefined && ifVersion !== current.version)
          return { result: 'version-mismatch', current: ruleFromRecord(current) };
        const data = { ...ruleColumns(values), version: { increment: 1 }, updatedAt: BigInt(now) };
        return { result: 'ok', rule: ruleFromRecord(await prisma.alertRule.update({ where: { id }, data })) };
      }),
    removeRule: (id) =>
      write(async ({ prisma }) => {
        const record = await prisma.alertRule.findUnique({ where: { id } });
        if (record === null) return null;
        await prisma.alertRule.delete({ where: { id } });
        await prisma.alertSilence.deleteMany({ where: { ruleId: id } });
        return ruleFromRecord(record);
      }),
  };
}

function channelsOf({
  read,
  write,
}: Database): Part<
  'channels' | 'channel' | 'createChannel' | 'updateChannel' | 'removeChannel' | 'noteHealth'
> {
  const { channelsMax } = ALERT_LIMITS;
  return {
    channels: () =>
      read(async ({ prisma }) =>
        (await prisma.alertChannel.findMany({ orderBy: { createdAt: 'asc' }, take: channelsMax })).map(
          channelFromRecord,
        ),
      ),
    channel: (id) =>
      read(async ({ prisma }) => {
        const record = await prisma.alertChannel.findUnique({ where: { id } });
        return record === null ? null : channelFromRecord(record);
      }),
    createChannel: (values, now) =>
      write(async ({ prisma }) => {
        if ((await prisma.alertChannel.count()) >= channelsMax) return { result: 'full', max: channelsMax };
        const at = BigInt(now);
        const data = { id: values.id, version: 1, health: json(NO_HEALTH), createdAt: at, updatedAt: at };
        const createdBy = storable(values.createdBy);
        const record = await prisma.alertChannel.create({
          data: { ...data, ...channelColumns(values), createdBy },
        });
        return { result: 'ok', channel: channelFromRecord(record) };
      }),
    updateChannel: (id, values, ifVersion, now) =>
      write(async ({ prisma }) => {
        const current = await prisma.alertChannel.findUnique({ where: { id } });
        if (current === null) return { result: 'not-found' };
        if (ifVersion !== undefined && ifVersion !== current.version)
          return { result: 'version-mismatch', current: channelFromRecord(current) };
        const data = { ...channelColumns(values), version: { increment: 1 }, updatedAt: BigInt(now) };
        const record = await prisma.alertChannel.update({ where: { id }, data });
        return { result: 'ok', channel: channelFromRecord(record) };
      }),
    removeChannel: (id) =>
      write(async ({ prisma }) => {
        const record = await prisma.alertChannel.findUnique({ where: { id } });
        if (record === null) return null;
        await prisma.alertChannel.delete({ where: { id } });
        await prisma.alertDelivery.deleteMany({ where: { channelId: id } });
        return channelFromRecord(record);
      }),
    noteHealth: (id, health) =>
      write(async ({ prisma }) => {
        await prisma.alertChannel.updateMany({ where: { id }, data: { health: json(health) } });
      }),
  };
}

function silencesOf({ read, write }: Database): Part<'silences' | 'createSilence' | 'removeSilence'> {
  const { silencesMax } = ALERT_LIMITS;
  return {
    silences: (now) =>
      read(async ({ prisma }) => {
        const where = { until: { gt: BigInt(now) } };
        const found = await prisma.alertSilence.findMany({
          where,
          orderBy: { until: 'asc' },
          take: silencesMax,
        });
        return found.map(silenceFromRecord);
      }),
    createSilence: ({ ruleId, until, comment, createdAt, createdBy }) =>
      write(async ({ prisma }) => {
        const lasting = await prisma.alertSilence.count({ where: { until: { gt: BigInt(createdAt) } } });
        if (lasting >= silencesMax) return { result: 'full', max: silencesMax };
        const record = await prisma.alertSilence.create({
          data: {
            id: randomUUID(),
            ruleId,
            until: BigInt(until),
            comment: storable(comment),
            createdAt: BigInt(createdAt),
            createdBy: storable(createdBy),
          },
        });
        return { result: 'ok', silence: silenceFromRecord(record) };
      }),
    removeSilence: (id) =>
      write(async ({ prisma }) => {
        const record = await prisma.alertSilence.findUnique({ where: { id } });
        if (record === null) return null;
        await prisma.alertSilence.delete({ where: { id } });
        return silenceFromRecord(record);
      }),
  };
}
