import type { AccountDto, AccountSessionDto, AuditEntryDto } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, fieldsOf, type Harness, startHarness } from './support/harness.ts';
import { PASSWORD, peopleOf, type People } from './support/people.ts';

const NEW_PASSWORD = 'copper-lantern-over-moss-8';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let house: Harness;
let people: People;
beforeAll(async () => {
  house = await startHarness();
  people = peopleOf(house);
});
afterAll(() => house.close());

const sessionsOf = async (headers: Readonly<Record<string, string>>) =>
  (await people.send('GET', '/account/sessions', headers)).json<{ items: AccountSessionDto[] }>().items;
const status = async (headers: Readonly<Record<string, string>>) =>
  (await people.send('GET', '/session', headers)).statusCode;

describe('one’s own account', () => {
  it('is a person’s, whatever the role, and never an API key’s', async () => {
    const { email } = await people.add();
    const headers = await people.signIn({ email, password: PASSWORD });
    expect((await people.send('GET', '/account', headers)).json<AccountDto>()).toEqual({
      user: expect.objectContaining({ email, role: 'viewer', totp: false }) as unknown,
      secondFactor: { enrolled: false, required: false, recoveryCodesLeft: 0 },
      identity: null,
    });
    const key = await people.send('GET', '/account', await house.key('admin'));
    expect([key.statusCode, codeOf(key)]).toEqual([403, 'forbidden']);
  });

  it('takes another name, which the audit has with the one before', async () => {
    const { id, email } = await people.add();
    const headers = await people.signIn({ email, password: PASSWORD });
    const answer = await people.send('PATCH', '/account', headers, { name: ' Ada King ' });
    expect(answer.json()).toMatchObject({ name: 'Ada King', email });
    const { items } = (
      await people.send('GET', `/audit?target=user:${id}&action=account.update`, house.owner)
    ).json<{ items: AuditEntryDto[] }>();
    expect(items[0]).toMatchObject({ after: { name: 'Ada King' }, actor: { kind: 'user', id } });
  });

  it('gives nobody another role or e-mail by themselves', async () => {
    const { email } = await people.add();
    const headers = await people.signIn({ email, password: PASSWORD });
    const answer = await people.send('PATCH', '/account', headers, {
      name: 'X',
      role: 'owner',
      email: 'x@y.org',
    });
    expect(fieldsOf(answer).sort()).toEqual(['email', 'role']);
  });
});

describe('changing one’s own password', () => {
  it('asks for the current one, ends all other sessions and keeps this one', async () => {
    const { email } = await people.add();
    const here = await people.signIn({ email, password: PASSWORD });
    const elsewhere = await people.signIn({ email, password: PASSWORD });
    const change = (password: string) =>
      people.send('PUT', '/account/password', here, { password, newPassword: NEW_PASSWORD });
    expect(fieldsOf(await change('not-my-password-1'))).toEqual(['password']);
    expect(await status(elsewhere)).toBe(200);
    expect((await change(PASSWORD)).json()).toEqual({ ended: 1 });
    expect([await status(here), await status(elsewhere)]).toEqual([200, 401]);
    expect((await people.login({ email, password: PASSWORD })).statusCode).toBe(401);
    expect((await people.login({ email, password: NEW_PASSWORD })).statusCode).toBe(201);
  });

  it('refuses one that guessing tries first, by the rules that the form has', async () => {
    const { email } = await people.add();
    const headers = await people.signIn({ email, password: PASSWORD });
    for (const newPassword of ['short', 'Password2026!', email]) {
      const answer = await people.send('PUT', '/account/password', headers, {
        password: PASSWORD,
        newPassword,
      });
      expect([answer.statusCode, fieldsOf(answer)]).toEqual([400, ['newPassword']]);
    }
  });

  it('is slowed like a sign-in: a stolen session does not guess the password faster', async () => {
    const { email } = await people.add();
    const from = '203.0.113.77';
    const headers = {
      ...(await people.signIn({ email, password: PASSWORD, from })),
      'x-forwarded-for': from,
    };
    const change = (password: string) =>
      people.send('PUT', '/account/password', headers, { password, newPassword: NEW_PASSWORD });
    for (let n = 0; n < 5; n += 1) expect((await change(`guess number ${n}`)).statusCode).toBe(400);
    const slowed = await change(PASSWORD);
    expect([slowed.statusCode, codeOf(slowed)]).toEqual([429, 'too-many-requests']);
  });
});

describe('the list of one’s own sessions', () => {
  it('names when, from where and in which browser, marks this one, and holds nobody else’s', async () => {
    const { email } = await people.add();
    const here = await people.signIn({ email, password: PASSWORD });
    await house.send({
      method: 'POST',
      url: '/api/v1/session',
      headers: { origin: here['origin'] ?? '', 'user-agent': FIREFOX, 'x-forwarded-for': '192.0.2.44' },
      payload: { email, password: PASSWORD },
    });
    const items = await sessionsOf(here);
    expect(items).toHaveLength(2);
    expect(items.filter((one) => one.current)).toHaveLength(1);
    expect(items.find((one) => !one.current)).toMatchObject({
      ip: '192.0.2.44',
      browser: 'Firefox 140',
      system: 'Linux',
    });
    expect(JSON.stringify(items)).not.toContain('token');
  });

  it('ends one, or all but this one; one of somebody else is not there', async () => {
    const { email } = await people.add();
    const sign = () => people.signIn({ email, password: PASSWORD });
    const [here, second, third] = [await sign(), await sign(), await sign()];
    const other = (await sessionsOf(second)).find((one) => one.current)?.id ?? '';
    expect((await people.send('DELETE', `/account/sessions/${other}`, house.owner)).statusCode).toBe(404);
    expect((await people.send('DELETE', `/account/sessions/${other}`, here)).statusCode).toBe(204);
    expect([await status(second), await status(third)]).toEqual([401, 200]);
    expect((await people.send('DELETE', '/account/sessions', here)).json()).toEqual({ ended: 1 });
    expect([await status(here), await status(third)]).toEqual([200, 401]);
  });
});

describe('the life of a session', () => {
  it('is as long as it is set, idle and altogether, and the cookie’s with it', async () => {
    const short = await startHarness({
      config: { sessions: { idleMs: 5 * 60_000, absoluteMs: 3_600_000 } },
    });
    const mine = peopleOf(short);
    const opened = await mine.login();
    expect(opened.cookies[0]).toMatchObject({ maxAge: 3_600 });
    const busy = await mine.signIn();
    const answered = async (headers: Readonly<Record<string, string>>) =>
      (await mine.send('GET', '/session', headers)).statusCode;
    for (let n = 0; n < 14; n += 1) {
      short.clock.advance(4 * 60_000);
      expect(await answered(busy)).toBe(200);
    }
    short.clock.advance(4 * 60_000);
    expect(await answered(busy)).toBe(401);
    const idle = await mine.signIn();
    short.clock.advance(5 * 60_000 + 1);
    expect(await answered(idle)).toBe(401);
    await short.close();
  });

  it('is not made longer by a page that asks by itself while nobody is there', async () => {
    const headers = await people.signIn();
    const alone = { ...headers, 'x-gatehouse-idle': '1' };
    for (let n = 0; n < 3; n += 1) {
      house.clock.advance(9 * 60_000);
      expect(await status(alone)).toBe(200);
    }
    house.clock.advance(4 * 60_000);
    expect(await status(alone)).toBe(401);
  });
});
