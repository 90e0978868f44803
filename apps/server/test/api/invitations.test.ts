import type { AuditEntryDto, CreatedInvitationDto, InvitationDto } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserHeaders, codeOf, fieldsOf, type Harness, ORIGIN, startHarness } from './support/harness.ts';
import { PASSWORD, peopleOf, type People } from './support/people.ts';

const DAY = 86_400_000;
let house: Harness;
let people: People;
beforeAll(async () => {
  house = await startHarness();
  people = peopleOf(house);
});
afterAll(() => house.close());

const invite = async (email: string, role = 'operator') =>
  people.send('POST', '/invitations', await people.signIn(), { email, role });
const accept = (token: string, more: object = {}) =>
  people.send(
    'POST',
    '/invitations/accept',
    { origin: ORIGIN },
    {
      token,
      name: 'Grace Guest',
      password: PASSWORD,
      ...more,
    },
  );
const listed = async () =>
  (await people.send('GET', '/invitations', await people.signIn())).json<{ items: InvitationDto[] }>().items;

describe('an invitation', () => {
  it('makes the account it is for, with its role and e-mail, and signs in', async () => {
    const made = await invite('Grace@Example.org');
    const { token } = made.json<CreatedInvitationDto>();
    expect(made.statusCode).toBe(201);
    expect(await listed()).toMatchObject([
      { email: 'grace@example.org', role: 'operator', createdBy: 'Ada Owner' },
    ]);
    const accepted = await accept(token);
    expect(accepted.json()).toMatchObject({ role: 'operator', user: { email: 'grace@example.org' } });
    expect((await people.send('GET', '/stats', browserHeaders(accepted))).statusCode).toBe(200);
    expect((await people.login({ email: 'grace@example.org', password: PASSWORD })).statusCode).toBe(201);
    expect(await listed()).toEqual([]);
  });

  it('is good once, until 7 days are over, until it is taken back, or another replaces it', async () => {
    const used = (await invite('a@example.org')).json<CreatedInvitationDto>();
    await accept(used.token);
    const old = (await invite('b@example.org')).json<CreatedInvitationDto>();
    house.clock.advance(7 * DAY);
    const replaced = (await invite('c@example.org')).json<CreatedInvitationDto>();
    const back = (await invite('c@example.org')).json<CreatedInvitationDto>();
    const owner = await people.signIn();
    expect((await people.send('DELETE', `/invitations/${back.id}`, owner)).statusCode).toBe(204);
    expect((await people.send('DELETE', `/invitations/${back.id}`, owner)).statusCode).toBe(404);
    for (const { token } of [used, old, replaced, back, { token: 'wrong' }]) {
      const answer = await accept(token);
      expect([answer.statusCode, codeOf(answer)]).toEqual([403, 'invitation-invalid']);
    }
  });

  it('is used by one of two who come at the same time', async () => {
    const { token } = (await invite('race@example.org')).json<CreatedInvitationDto>();
    const answers = await Promise.all([accept(token), accept(token)]);
    expect(answers.map((one) => one.statusCode).sort()).toEqual([201, 403]);
  });

  it('gives no role or e-mail but its own, and no weak password', async () => {
    const { token } = (await invite('strict@example.org', 'viewer')).json<CreatedInvitationDto>();
    expect(fieldsOf(await accept(token, { role: 'owner' }))).toEqual(['role']);
    expect(fieldsOf(await accept(token, { password: 'Password2026!' }))).toEqual(['password']);
    expect((await accept(token)).json()).toMatchObject({ role: 'viewer' });
  });

  it('is told once: nothing of it is stored, logged or audited but its hash', async () => {
    const { id, token } = (await invite('once@example.org')).json<CreatedInvitationDto>();
    const audit = await people.send('GET', '/audit?limit=200', await people.signIn());
    expect(audit.json<{ items: AuditEntryDto[] }>().items.map((one) => one.action)).toContain(
      'invitation.create',
    );
    const stored = JSON.stringify(await house.store.invitations.list());
    expect(stored).toContain(id);
    for (const text of [audit.body, house.logged.join(''), stored]) expect(text).not.toContain(token);
  });

  it('is refused for an address that has an account', async () => {
    const { email } = await people.add();
    const answer = await invite(email);
    expect([answer.statusCode, codeOf(answer)]).toEqual([409, 'conflict']);
  });
});
