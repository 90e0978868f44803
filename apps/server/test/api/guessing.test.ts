import type { Attempt } from '@gatehouse/auth-core';
import type { SlowedGuessersDto } from '@gatehouse/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, fieldsOf, type Harness, startHarness } from './support/harness.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());
afterEach(() => {
  house.plane.events.length = 0;
  house.plane.guessing.forgive({ identities: null, ip: null });
});

const BASE = '/api/v1/guessing';
const attempt = (ip: string, username: string): Attempt => ({
  id: 'one',
  at: 0,
  listener: 'tcp',
  chain: 'default',
  transport: 'tcp',
  ip,
  port: 0,
  tls: null,
  protocolVersion: 4,
  clientId: 'c',
  clientIdAssigned: false,
  username,
  password: undefined,
  cleanStart: true,
  keepAliveSeconds: 60,
  authMethod: undefined,
  will: undefined,
});
const fail = (ip: string, username: string, times = 10): void => {
  for (let n = 0; n < times; n += 1) house.plane.guessing.failed(attempt(ip, username));
};
const list = async (): Promise<SlowedGuessersDto> =>
  (await house.send({ method: 'GET', url: BASE, headers: house.owner })).json<SlowedGuessersDto>();
const forgive = (payload: object) =>
  house.send({ method: 'POST', url: `${BASE}/forgive`, headers: house.owner, payload });
const lastAudit = async () =>
  (await house.store.audit.page({}, { limit: 1, sort: { field: 'at', direction: 'desc' } })).items[0];

describe('the list of who is slowed', () => {
  it('names who is paused, why and until when', async () => {
    fail('203.0.113.7', 'ann');
    const { enabled, complete, items } = await list();
    expect({ enabled, complete }).toEqual({ enabled: true, complete: true });
    expect(items).toEqual([
      {
        kind: 'pair',
        ip: '203.0.113.7',
        identity: { by: 'username', value: 'ann' },
        network: null,
        failures: 10,
        until: expect.stringMatching(/Z$/) as string,
      },
    ]);
  });
});

describe('forgiving', () => {
  it('lets one try again at once, leaves the others, and is audited', async () => {
    fail('203.0.113.7', 'ann');
    fail('203.0.113.7', 'bob');
    const { items } = await list();
    const ann = items.find(({ identity }) => identity?.value === 'ann');
    const { failures: _failures, until: _until, ...guesser } = ann ?? {};
    expect((await forgive({ guessers: [guesser] })).statusCode).toBe(204);
    expect((await list()).items.map(({ identity }) => identity?.value)).toEqual(['bob']);
    expect(await lastAudit()).toMatchObject({
      action: 'guessing.forgive',
      target: { kind: 'guessing', name: 'ann @ 203.0.113.7' },
      after: { count: 1, guessers: [{ ip: '203.0.113.7' }] },
    });
  });

  it('forgives a network by itself', async () => {
    for (let n = 0; n < 20; n += 1) fail(`203.0.113.${n}`, `user-${n}`, 10);
    const network = (await list()).items.find(({ kind }) => kind === 'network');
    expect(network).toMatchObject({ network: '203.0.113.0/24' });
    await forgive({ guessers: [{ kind: 'network', ip: null, identity: null, network: '203.0.113.0/24' }] });
    const { items } = await list();
    expect(items.some(({ kind }) => kind === 'network')).toBe(false);
    expect(items.filter(({ kind }) => kind === 'pair')).toHaveLength(20);
  });

  it('forgives everybody in one request and one audit entry', async () => {
    fail('203.0.113.7', 'ann');
    fail('198.51.100.7', 'bob');
    expect((await forgive({ all: true })).statusCode).toBe(204);
    expect((await list()).items).toEqual([]);
    expect(await lastAudit()).toMatchObject({ action: 'guessing.forgive', after: { all: true } });
  });

  it('refuses a guesser that says not who it is, by its place, and changes nothing', async () => {
    const refused = await forgive({ guessers: [{ kind: 'pair', ip: null, identity: null, network: null }] });
    expect(refused.statusCode).toBe(400);
    expect(fieldsOf(refused)).toContain('guessers.0');
    expect(house.plane.events).toEqual([]);
  });

  it('is for operators: who may only look is refused', async () => {
    const key = await house.key('viewer');
    const refused = await house.send({
      method: 'POST',
      url: `${BASE}/forgive`,
      headers: key,
      payload: { all: true },
    });
    expect(refused.statusCode).toBe(403);
    expect(codeOf(refused)).toBe('forbidden');
  });
});
