import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './support/harness.ts';
import { refuse } from './support/refused.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());

const get = (path: string) =>
  house.send({ method: 'GET', url: `/api/v1/unauthorized-clients${path}`, headers: house.owner });

describe('the likely cause', () => {
  it('blames no change of a credential for what is wrong with the packet', async () => {
    await house.send({
      method: 'POST',
      url: '/api/v1/credentials',
      headers: house.owner,
      payload: { username: 'odd' },
    });
    house.clock.advance(60_000);
    const [id = ''] = await refuse(house, {
      clientId: 'odd',
      username: 'odd',
      reason: 'PROTOCOL_CLIENT_ID_REJECTED',
    });
    expect((await get(`/${id}`)).json<UnauthorizedClientDetailDto>().precededBy).toBeNull();
  });

  it('names a deletion of many credentials that took this one along, and by whom', async () => {
    const ids: string[] = [];
    for (const payload of [{ username: 'gone-1' }, { username: 'gone-2', clientId: 'gone-c' }]) {
      const made = await house.send({
        method: 'POST',
        url: '/api/v1/credentials',
        headers: house.owner,
        payload,
      });
      ids.push(made.json<{ id: string }>().id);
    }
    const deleted = await house.send({
      method: 'POST',
      url: '/api/v1/credentials/delete',
      headers: house.owner,
      payload: { ids },
    });
    expect(deleted.json()).toEqual({ deleted: 2 });
    house.clock.advance(60_000);
    const detailOf = async (clientId: string, username: string) => {
      const [id = ''] = await refuse(house, { clientId, username, reason: 'BASIC_NO_CREDENTIALS' });
      return (await get(`/${id}`)).json<UnauthorizedClientDetailDto>();
    };
    const detail = await detailOf('gone-c', 'gone-2');
    expect(detail.precededBy).toMatchObject({ action: 'credential.delete-many' });
    expect(detail.likelyCause.find(({ key }) => key === 'credential-deleted')?.values).toMatchObject({
      name: 'gone-2',
    });
    const other = await detailOf('other-c', 'gone-2');
    expect(other.likelyCause.map(({ key }) => key)).not.toContain('credential-deleted');
  });

  it('does not blame a change after which the device got in', async () => {
    await house.send({
      method: 'POST',
      url: '/api/v1/credentials',
      headers: house.owner,
      payload: { username: 'got-in' },
    });
    house.clock.advance(60_000);
    const lastGoodLogin = {
      at: house.clock.now(),
      ip: '10.4.0.17',
      listener: 'tcp',
      tlsUsed: false,
      protocol: 5,
      clientId: 'got-in',
      differs: [],
    } as const;
    house.clock.advance(60_000);
    const [id = ''] = await refuse(house, {
      clientId: 'got-in',
      username: 'got-in',
      evidence: { lastGoodLogin },
    });
    const detail = (await get(`/${id}`)).json<UnauthorizedClientDetailDto>();
    expect(detail.precededBy).toBeNull();
    expect(detail.likelyCause.map((one) => one.key)).not.toContain('preceded-by');
  });
});

describe('others of the same address', () => {
  const IP = '10.77.0.9';
  const admit = (clientId: string) => {
    const at = house.clock.now();
    const login = {
      at,
      clientId,
      username: 'pump-7',
      credentialId: null,
      ip: IP,
      listener: 'tcp',
      tlsUsed: false,
      protocol: 5,
    } as const;
    return house.store.unauthorized.flush(
      { deltas: [], aggregates: [], logins: [login], node: 'node-a' },
      at,
    );
  };
  const othersOf = async (id: string) =>
    (await get(`/${id}`))
      .json<UnauthorizedClientDetailDto>()
      .likelyCause.find(({ key }) => key === 'others-of-ip-admitted')?.values;

  it('are named with the time only while their success is the last word from there', async () => {
    const [id = ''] = await refuse(
      house,
      { clientId: 'stays-out', ip: IP },
      { clientId: 'comes-in', ip: IP },
    );
    expect(await othersOf(id)).toBeUndefined();
    house.clock.advance(1_000);
    await admit('comes-in');
    const at = new Date(house.clock.now()).toISOString();
    expect(await othersOf(id)).toEqual({ ip: IP, clients: 1, at });
    house.clock.advance(1_000);
    await refuse(house, { clientId: 'third', ip: IP });
    expect(await othersOf(id)).toBeUndefined();
  });

  it('are not named to a client that is blocked', async () => {
    const [id = ''] = await refuse(
      house,
      { clientId: 'blocked', ip: IP, reason: 'CLIENT_BLOCKED' },
      { clientId: 'free', ip: IP },
    );
    house.clock.advance(1_000);
    await admit('free');
    expect(await othersOf(id)).toBeUndefined();
  });
});
