import type { AccountDto, AuditEntryDto, SessionDto, TotpOfferDto } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  browserHeaders,
  codeOf,
  fieldsOf,
  type Harness,
  type Headers,
  startHarness,
} from './support/harness.ts';
import { appOf, PASSWORD, peopleOf, type People } from './support/people.ts';

let house: Harness;
let people: People;
beforeAll(async () => {
  house = await startHarness();
  people = peopleOf(house);
});
afterAll(() => house.close());

/** A person with an authenticator app: headers of a session, the app, and the recovery codes. */
const enrolled = async () => {
  const { id, email } = await people.add();
  const headers = await people.signIn({ email, password: PASSWORD });
  const offer = (await people.send('POST', '/account/totp', headers)).json<TotpOfferDto>();
  const app = appOf(offer.secret, house.clock);
  const answer = await people.send('PUT', '/account/totp', headers, {
    enrolment: offer.enrolment,
    code: app(),
  });
  const { recoveryCodes } = answer.json<{ recoveryCodes: string[] }>();
  // The code of this step has been used.
  house.clock.advance(30_000);
  return { id, email, headers, app, recoveryCodes, offer };
};
const account = async (headers: Headers) =>
  (await people.send('GET', '/account', headers)).json<AccountDto>();

describe('setting up an authenticator app', () => {
  it('takes a code of it, tells ten recovery codes once and ends other sessions', async () => {
    const { email } = await people.add();
    const headers = await people.signIn({ email, password: PASSWORD });
    const elsewhere = await people.signIn({ email, password: PASSWORD });
    const offer = (await people.send('POST', '/account/totp', headers)).json<TotpOfferDto>();
    expect(offer.uri).toContain(`secret=${offer.secret}`);
    const put = (code: string) =>
      people.send('PUT', '/account/totp', headers, { enrolment: offer.enrolment, code });
    const code = appOf(offer.secret, house.clock)();
    expect(fieldsOf(await put(code === '000000' ? '000001' : '000000'))).toEqual(['code']);
    expect((await account(headers)).secondFactor.enrolled).toBe(false);
    const done = await put(code);
    expect(done.json<{ recoveryCodes: string[] }>().recoveryCodes).toHaveLength(10);
    expect((await account(headers)).secondFactor).toEqual({
      enrolled: true,
      required: false,
      recoveryCodesLeft: 10,
    });
    expect((await people.send('GET', '/session', elsewhere)).statusCode).toBe(401);
  });

  it('takes no offer that is old, or of another session', async () => {
    const { email } = await people.add();
    const headers = await people.signIn({ email, password: PASSWORD });
    const other = await people.signIn({ email, password: PASSWORD });
    const offer = (await people.send('POST', '/account/totp', headers)).json<TotpOfferDto>();
    const app = appOf(offer.secret, house.clock);
    const put = (as: Headers) =>
      people.send('PUT', '/account/totp', as, { enrolment: offer.enrolment, code: app() });
    expect(fieldsOf(await put(other))).toEqual(['enrolment']);
    house.clock.advance(10 * 60_000);
    expect(fieldsOf(await put(headers))).toEqual(['enrolment']);
  });

  it('stores the secret sealed and the recovery codes hashed, and neither is logged or audited', async () => {
    const { id, recoveryCodes, offer } = await enrolled();
    const { sealedSecret } = await house.store.users.secondFactor(id);
    expect(sealedSecret).toMatch(/^gh1:/);
    const audit = (await people.send('GET', '/audit?limit=200', house.owner)).body;
    for (const text of [audit, house.logged.join(''), sealedSecret ?? '']) {
      expect(text).not.toContain(offer.secret);
      expect(text).not.toContain(recoveryCodes[0]);
    }
  });
});

describe('signing in with an authenticator app', () => {
  it('asks for the code after the right password only', async () => {
    const { email, app } = await enrolled();
    const wrong = await people.login({ email, password: 'not-the-password-1', code: app() });
    expect([wrong.statusCode, codeOf(wrong)]).toEqual([401, 'login-failed']);
    const asked = await people.login({ email, password: PASSWORD });
    expect([asked.statusCode, codeOf(asked), asked.cookies]).toEqual([401, 'code-needed', []]);
    expect((await people.login({ email, password: PASSWORD, code: app() })).statusCode).toBe(201);
  });

  it('takes each code once', async () => {
    const { email, app } = await enrolled();
    const code = app();
    expect((await people.login({ email, password: PASSWORD, code })).statusCode).toBe(201);
    expect(codeOf(await people.login({ email, password: PASSWORD, code }))).toBe('code-wrong');
    expect((await people.login({ email, password: PASSWORD, code: app(1) })).statusCode).toBe(201);
  });

  it('takes the code of the step before and after, typed with blanks, and none further away', async () => {
    const { email, app } = await enrolled();
    house.clock.advance(90_000);
    expect(codeOf(await people.login({ email, password: PASSWORD, code: app(-2) }))).toBe('code-wrong');
    expect(codeOf(await people.login({ email, password: PASSWORD, code: app(2) }))).toBe('code-wrong');
    expect((await people.login({ email, password: PASSWORD, code: app(-1) })).statusCode).toBe(201);
    const spaced = app(1).replace(/^(...)/, '$1 ');
    expect((await people.login({ email, password: PASSWORD, code: spaced })).statusCode).toBe(201);
  });

  it('takes a recovery code in its place, once, and the audit says so', async () => {
    const { id, email, recoveryCodes } = await enrolled();
    const [code = ''] = recoveryCodes;
    const opened = await people.login({ email, password: PASSWORD, code: code.toUpperCase() });
    expect(opened.statusCode).toBe(201);
    expect((await account(browserHeaders(opened))).secondFactor.recoveryCodesLeft).toBe(9);
    expect(codeOf(await people.login({ email, password: PASSWORD, code }))).toBe('code-wrong');
    const { items } = (
      await people.send('GET', `/audit?target=user:${id}&action=account.use-recovery-code`, house.owner)
    ).json<{ items: AuditEntryDto[] }>();
    expect(items).toHaveLength(1);
  });

  it('slows guesses at the code wherever they come from, asking for it costs none, and forgets', async () => {
    const { email, app } = await enrolled();
    const bad = app() === '000000' ? '000001' : '000000';
    for (let n = 0; n < 8; n += 1)
      expect(codeOf(await people.login({ email, password: PASSWORD }))).toBe('code-needed');
    for (let n = 0; n < 5; n += 1)
      expect(codeOf(await people.login({ email, password: PASSWORD, code: bad }))).toBe('code-wrong');
    const slowed = await people.login({ email, password: PASSWORD, code: app() });
    expect(codeOf(slowed)).toBe('too-many-requests');
    house.clock.advance(Number(slowed.headers['retry-after']) * 1000);
    expect((await people.login({ email, password: PASSWORD, code: app() })).statusCode).toBe(201);
  });
});

describe('taking an authenticator app off', () => {
  it('is the person’s own to do, with its recovery codes', async () => {
    const { id, email, headers } = await enrolled();
    expect((await people.send('DELETE', '/account/totp', headers)).statusCode).toBe(204);
    expect((await people.login({ email, password: PASSWORD })).statusCode).toBe(201);
    expect(await house.store.users.secondFactor(id)).toEqual({ sealedSecret: null, recoveryCodes: 0 });
  });

  it('is an owner’s for those who have lost it, and ends their sessions', async () => {
    const { id, email, headers } = await enrolled();
    const owner = await people.signIn();
    expect((await people.send('DELETE', `/users/${id}/totp`, owner)).statusCode).toBe(204);
    expect((await people.send('GET', '/session', headers)).statusCode).toBe(401);
    expect((await people.login({ email, password: PASSWORD })).statusCode).toBe(201);
    expect((await people.send('DELETE', `/users/${id}/totp`, owner)).statusCode).toBe(404);
  });

  it('new recovery codes void those before', async () => {
    const { email, headers, recoveryCodes } = await enrolled();
    const made = await people.send('POST', '/account/recovery-codes', headers);
    const [fresh = ''] = made.json<{ recoveryCodes: string[] }>().recoveryCodes;
    expect(codeOf(await people.login({ email, password: PASSWORD, code: recoveryCodes[1] ?? '' }))).toBe(
      'code-wrong',
    );
    expect((await people.login({ email, password: PASSWORD, code: fresh })).statusCode).toBe(201);
  });
});

describe('a role that demands an authenticator app', () => {
  it('lets its people do nothing but set one up, and not take it off', async () => {
    const strict = await startHarness({ config: { totpRoles: ['owner'] } });
    const mine = peopleOf(strict);
    const headers = await mine.signIn();
    const session = (await mine.send('GET', '/session', headers)).json<SessionDto>();
    expect([session.mustEnrol, session.scopes]).toEqual([true, []]);
    const refused = await mine.send('GET', '/users', headers);
    expect([refused.statusCode, codeOf(refused)]).toEqual([403, 'totp-required']);
    const offer = (await mine.send('POST', '/account/totp', headers)).json<TotpOfferDto>();
    const code = appOf(offer.secret, strict.clock)();
    await mine.send('PUT', '/account/totp', headers, { enrolment: offer.enrolment, code });
    expect((await mine.send('GET', '/users', headers)).statusCode).toBe(200);
    expect(codeOf(await mine.send('DELETE', '/account/totp', headers))).toBe('totp-required');
    const { email } = await mine.add('viewer');
    const viewer = await mine.signIn({ email, password: PASSWORD });
    expect((await mine.send('GET', '/stats', viewer)).statusCode).toBe(200);
    await strict.close();
  });
});
