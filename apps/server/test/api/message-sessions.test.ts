import { afterEach, beforeEach, expect, it } from 'vitest';
import { codeOf, type Harness, type Headers, startHarness } from './support/harness.ts';

let house: Harness;
let operator: Headers;

beforeEach(async () => {
  house = await startHarness();
  operator = await house.key('operator');
});
afterEach(() => house.close());

interface Opened {
  readonly id: string;
  readonly username: string;
  readonly password: string;
  readonly expiresAt: string;
  readonly mayPublish: boolean;
}

const open = (headers: Headers = operator) =>
  house.send({ method: 'POST', url: '/api/v1/messages/session', headers });
const close = (id: string, headers: Headers = operator) =>
  house.send({ method: 'DELETE', url: `/api/v1/messages/session/${id}`, headers });
const credential = (id: string) => house.store.credentials.get(id);

it('a credential for the console lasts ten minutes and may what its caller may', async () => {
  const made = (await open()).json<Opened>();
  expect(Date.parse(made.expiresAt) - house.clock.now()).toBe(600_000);
  expect(made.mayPublish).toBe(true);
  const readOnly = (await open(await house.key('operator', ['messages:read']))).json<Opened>();
  expect(readOnly.mayPublish).toBe(false);
  expect((await credential(readOnly.id))?.rules.map(({ action }) => action)).toEqual([
    'subscribe',
    'subscribe',
  ]);
  const refused = await open(await house.key('viewer'));
  expect([refused.statusCode, codeOf(refused)]).toEqual([403, 'forbidden']);
});

it('it is audited without its password, and ended by whoever has it, and nobody else', async () => {
  const made = (await open()).json<Opened>();
  const audit = await house.send({ method: 'GET', url: '/api/v1/audit', headers: await house.key('admin') });
  expect(audit.body).toContain('messages.open');
  expect(audit.body).not.toContain(made.password);
  expect((await close(made.id, await house.key('operator'))).statusCode).toBe(404);
  expect((await close(made.id)).statusCode).toBe(204);
  expect(await credential(made.id)).toBeNull();
  expect(house.plane.events.at(-1)).toMatchObject({
    kind: 'credentials-changed',
    changes: [{ id: made.id, disconnect: true }],
  });
});

it('another credential cannot be ended this way', async () => {
  const payload = { username: 'pump', tags: ['gatehouse-console'] };
  const made = await house.send({
    method: 'POST',
    url: '/api/v1/credentials',
    headers: operator,
    payload,
  });
  const { id } = made.json<{ id: string }>();
  expect((await close(id)).statusCode).toBe(404);
  expect(await credential(id)).not.toBeNull();
});

it('those whose time is over go by themselves, and there is room for fifty', async () => {
  const old = (await open()).json<Opened>();
  house.clock.advance(600_001);
  await expect.poll(() => credential(old.id)).toBeNull();
  for (let count = 0; count < 50; count += 1) expect((await open()).statusCode).toBe(201);
  const refused = await open();
  expect([refused.statusCode, codeOf(refused)]).toEqual([429, 'too-many-requests']);
});
