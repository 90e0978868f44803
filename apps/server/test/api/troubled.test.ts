import type { TroubledClientsDto } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './support/harness.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());

const login = (clientId: string, ip: string, tookOver: boolean, at: number): void => {
  house.plane.troubled.accepted({
    at,
    clientId,
    username: 'pump',
    credentialId: 'c-1',
    ip,
    listener: 'tcp',
    tlsUsed: false,
    protocol: 5,
    tookOver,
  });
};

describe('clients that are let in and fail all the same', () => {
  it('are told with what was seen and what is concluded, each marked', async () => {
    const now = Date.now();
    for (let n = 0; n < 6; n += 1) login('war', `10.0.0.${n % 2}`, n > 0, now - 6_000 + n * 1_000);
    for (let n = 0; n < 10; n += 1) login('loop', '10.0.0.9', false, now - 20_000 + n * 1_000);
    const url = '/api/v1/unauthorized-clients/troubled';
    const answer = await house.send({ method: 'GET', url, headers: house.owner });
    const { items, complete } = answer.json<TroubledClientsDto>();
    expect(complete).toBe(true);
    const told = items.map(({ clientId, trouble, statements }) => [
      clientId,
      trouble,
      statements.map(({ standing, key }) => `${standing} ${key}`),
    ]);
    expect(told).toEqual([
      ['war', 'takeover-war', ['fact taken-over', 'inference war-addresses', 'inference rhythm']],
      ['loop', 'connect-loop', ['fact logged-in-often', 'inference loop-cause', 'inference rhythm']],
    ]);
  });

  it('are for those who may read refusals', async () => {
    const url = '/api/v1/unauthorized-clients/troubled';
    expect((await house.send({ method: 'GET', url })).statusCode).toBe(401);
  });
});
