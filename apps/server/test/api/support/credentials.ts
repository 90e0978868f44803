import type { CredentialWithSecretDto } from '@gatehouse/contract';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Harness, startHarness } from './harness.ts';

/** Where credentials are. */
export const BASE = '/api/v1/credentials';

/** A house for the tests of a file that make credentials, and what they do most. */
export function credentialHouse() {
  let house: Harness | undefined;
  beforeAll(async () => {
    house = await startHarness();
  });
  afterAll(() => house?.close());
  afterEach(() => {
    if (house !== undefined) house.plane.events.length = 0;
  });
  const opened = (): Harness => {
    if (house === undefined) throw new Error('the house is not open');
    return house;
  };
  const post = (url: string, payload: object, headers: Readonly<Record<string, string>> = {}) =>
    opened().send({ method: 'POST', url, headers: { ...opened().owner, ...headers }, payload });
  const create = async (body: object): Promise<CredentialWithSecretDto> =>
    (await post(BASE, body)).json<CredentialWithSecretDto>();
  return { house: opened, post, create };
}
