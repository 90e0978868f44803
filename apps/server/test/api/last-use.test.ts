import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Harness, type Headers, startHarness } from './support/harness.ts';

const TEN_MINUTES_MS = 600_000;
const WARNING = 'the last use of an API key or session was not stored';

let house: Harness;
let key: Headers;
beforeEach(async () => {
  house = await startHarness();
  key = await house.key('viewer');
  // Long enough that each request has a use to note.
  house.clock.advance(TEN_MINUTES_MS);
});
afterEach(() => house.close());

const read = (headers: Headers) => house.send({ method: 'GET', url: '/api/v1/credentials', headers });
const warnings = () => house.logged.filter((line) => line.includes(WARNING));

/** A store that reads, and whose notes of last uses end like this. */
const touching = (how: () => Promise<void>): void => {
  vi.spyOn(house.store.apiKeys, 'touch').mockImplementation(how);
  vi.spyOn(house.store.userSessions, 'touch').mockImplementation(how);
};

describe('a last use that cannot be noted', () => {
  it('fails no request on a full disk, and is a warning without a secret', async () => {
    touching(() => Promise.reject(new Error('database or disk is full')));
    expect((await read(house.owner)).statusCode).toBe(200);
    expect((await read(key)).statusCode).toBe(200);
    await vi.waitFor(() => expect(warnings()).toHaveLength(2));
    const secrets = [house.owner['cookie'], house.owner['x-csrf-token'], key['authorization']].map(
      (header = '') => header.replace(/^(Bearer |[^=]+=)/, ''),
    );
    for (const secret of secrets) {
      expect(secret).not.toBe('');
      expect(warnings().join('')).not.toContain(secret);
    }
  });

  it('delays no request on a disk that does not answer', async () => {
    touching(() => new Promise(() => undefined));
    expect((await read(house.owner)).statusCode).toBe(200);
    expect((await read(key)).statusCode).toBe(200);
  });

  it('does not make a session idle that is in use', async () => {
    touching(() => Promise.reject(new Error('database or disk is full')));
    for (let i = 0; i < 6; i++) {
      expect((await read(house.owner)).statusCode).toBe(200);
      house.clock.advance(TEN_MINUTES_MS);
    }
    house.clock.advance(3 * TEN_MINUTES_MS);
    expect((await read(house.owner)).statusCode).toBe(401);
  });
});
