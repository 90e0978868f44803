import {
  DANGEROUS,
  ENDPOINTS,
  type ConfirmationDto,
  type Endpoint,
  type TotpOfferDto,
} from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, fieldsOf, type Harness, type Headers, OWNER, startHarness } from './support/harness.ts';
import { appOf, PASSWORD, peopleOf, type People } from './support/people.ts';

let house: Harness;
let people: People;
beforeAll(async () => {
  house = await startHarness();
  people = peopleOf(house);
});
afterAll(() => house.close());

const TEN_MINUTES = 10 * 60_000;
/** A body of the call that its schema takes and the table is about. */
const BODIES: Readonly<Record<string, object>> = {
  createUser: { email: 'x@example.org', name: 'X', role: 'viewer', password: PASSWORD },
  updateUser: { name: 'X' },
  createInvitation: { email: 'x@example.org', role: 'viewer' },
  createApiKey: { name: 'x', role: 'viewer' },
  enrolTotp: { enrolment: 'x', code: '000000' },
  deleteUnauthorizedClients: { all: true },
  updateSignIn: { passwordFor: 'everyone' },
  putAnonymous: { policy: 'allow' },
};
const CALLS = Object.keys(DANGEROUS).map(
  (id) => [id, ENDPOINTS[id as keyof typeof DANGEROUS] as Endpoint] as const,
);

const call = (id: string, endpoint: Endpoint, headers: Headers) =>
  people.send(
    endpoint.method,
    endpoint.path.replace('/api/v1', '').replace(':id', 'none'),
    headers,
    BODIES[id],
  );

describe('a dangerous call', () => {
  it.each(CALLS)(
    '%s asks who has signed in more than ten minutes ago to prove who they are',
    async (id, endpoint) => {
      const headers = await people.signIn();
      house.clock.advance(TEN_MINUTES + 1);
      const answer = await call(id, endpoint, headers);
      expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'confirmation-needed']);
    },
  );

  it('is allowed for ten minutes from the sign-in, and from a proof', async () => {
    const headers = await people.signIn();
    const make = async (name: string) =>
      (await people.send('POST', '/api-keys', headers, { name, role: 'viewer' })).statusCode;
    house.clock.advance(TEN_MINUTES);
    expect(await make('at ten minutes')).toBe(201);
    house.clock.advance(1);
    expect(await make('after')).toBe(403);
    const wrong = await people.send('POST', '/account/confirmation', headers, {
      password: 'not-it-at-all-1',
    });
    expect(fieldsOf(wrong)).toEqual(['password']);
    expect(await make('after a wrong one')).toBe(403);
    const proof = await people.send('POST', '/account/confirmation', headers, { password: OWNER.password });
    expect(proof.json<ConfirmationDto>()).toMatchObject({ needed: false, by: 'password' });
    house.clock.advance(TEN_MINUTES);
    expect(await make('proved')).toBe(201);
  });

  it('is confirmed with a code, not the password, where there is an authenticator app', async () => {
    const { email } = await people.add('admin');
    const headers = await people.signIn({ email, password: PASSWORD });
    const offer = (await people.send('POST', '/account/totp', headers)).json<TotpOfferDto>();
    const app = appOf(offer.secret, house.clock);
    await people.send('PUT', '/account/totp', headers, { enrolment: offer.enrolment, code: app() });
    house.clock.advance(TEN_MINUTES + 1);
    const confirm = (body: object) => people.send('POST', '/account/confirmation', headers, body);
    expect((await people.send('GET', '/account/confirmation', headers)).json()).toMatchObject({
      needed: true,
      by: 'code',
    });
    expect(fieldsOf(await confirm({ password: PASSWORD }))).toEqual(['code']);
    const code = app();
    expect((await confirm({ code })).statusCode).toBe(200);
    expect(fieldsOf(await confirm({ code }))).toEqual(['code']);
  });

  it('is refused by role before it is asked to be confirmed', async () => {
    const { email } = await people.add('viewer');
    const headers = await people.signIn({ email, password: PASSWORD });
    house.clock.advance(TEN_MINUTES + 1);
    const answer = await people.send('POST', '/api-keys', headers, { name: 'x', role: 'viewer' });
    expect(codeOf(answer)).toBe('forbidden');
  });

  it('asks an API key and the command for nothing: they have no more to prove', async () => {
    const key = await house.key('admin');
    house.clock.advance(TEN_MINUTES + 1);
    const made = await people.send('POST', '/api-keys', key, { name: 'by a key', role: 'viewer' });
    expect(made.statusCode).toBe(201);
    const url = '/api/v1/users/none';
    expect((await house.api.control.inject({ method: 'DELETE', url })).statusCode).toBe(404);
  });

  it.each([
    ['/unauthorized-clients/delete', { ids: ['1'] }],
    ['/anonymous', { policy: 'deny' }],
  ])('%s with %j is none', async (path, body) => {
    const headers = await people.signIn();
    house.clock.advance(TEN_MINUTES + 1);
    const answer = await people.send(path === '/anonymous' ? 'PUT' : 'POST', path, headers, body);
    expect(answer.statusCode).toBeLessThan(300);
  });
});
