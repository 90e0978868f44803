import type { Problem, SignInSettingsDto, UserDto } from '@gatehouse/contract';
import { systemClock } from '@gatehouse/broker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ProviderBrowser } from '../support/oidc-provider.ts';
import { type Headers, ORIGIN, OWNER, startHarness } from './support/harness.ts';
import { PASSWORD, peopleOf } from './support/people.ts';
import { begun, finishAt, headersOf, openSso, outcome, type SsoTest, start } from './support/sso.ts';

let sso: SsoTest;
beforeAll(async () => {
  sso = await openSso();
});
afterAll(() => sso.close());
beforeEach(() => sso.reset());

describe('a fresh proof at the provider', () => {
  const confirmVia = async (headers: Headers, subject: string, browser = new ProviderBrowser()) => {
    const one = begun(await sso.people.send('POST', '/account/confirmation/sso', headers));
    const cookie = `${headers['cookie'] ?? ''}; ${one.cookie}`;
    return sso.finish(await browser.follow(one.url, subject), { ...one, cookie });
  };

  it('is asked of who has no password, and opens dangerous calls again', async () => {
    sso.known('dora', { groups: ['gatehouse-admins'] });
    const browser = new ProviderBrowser();
    const headers = await sso.headersOf(await sso.signIn('dora', browser));
    sso.house.clock.advance(11 * 60_000);
    const key = { name: 'of dora', role: 'viewer' };
    expect(outcome(await sso.people.send('POST', '/api-keys', headers, key))).toEqual([
      403,
      'confirmation-needed',
    ]);
    expect((await sso.people.send('GET', '/account/confirmation', headers)).json()).toMatchObject({
      needed: true,
      by: 'provider',
    });
    expect((await confirmVia(headers, 'dora', browser)).json()).toMatchObject({ purpose: 'confirm' });
    expect((await sso.people.send('POST', '/api-keys', headers, key)).statusCode).toBe(201);
  });

  it('asks the provider to sign the person in anew, and is that person’s', async () => {
    sso.known('emil', { groups: ['gatehouse-admins'] });
    const headers = await sso.headersOf(await sso.signIn('emil'));
    const one = begun(await sso.people.send('POST', '/account/confirmation/sso', headers));
    const { searchParams } = new URL(one.url);
    expect([searchParams.get('prompt'), searchParams.get('max_age')]).toEqual(['login', '0']);
    sso.known('frida');
    expect(outcome(await confirmVia(headers, 'frida'))).toEqual([403, 'sso-other-person']);
  });

  it('does not count where the provider did not ask anew', async () => {
    // A clock ten minutes ahead: whoever signed in at the provider just now did so long before it was asked for.
    const ahead = { ...systemClock, now: () => Date.now() + 600_000 };
    const strict = await sso.houseAt(sso.provider.issuer, { clock: ahead });
    sso.known('hugo');
    const one = begun(await start(strict));
    const signedIn = await finishAt(strict, await new ProviderBrowser().follow(one.url, 'hugo'), one);
    const headers = await headersOf(strict, signedIn);
    const proof = begun(await peopleOf(strict).send('POST', '/account/confirmation/sso', headers));
    const cookie = `${headers['cookie'] ?? ''}; ${proof.cookie}`;
    const query = await new ProviderBrowser().follow(proof.url, 'hugo');
    const answer = await finishAt(strict, query, { ...proof, cookie });
    expect([...outcome(answer), answer.json<Problem>().detail]).toEqual([
      401,
      'sso-failed',
      'the provider did not ask anew who is there.',
    ]);
    await strict.close();
  });

  it('is refused once the session it was begun in has ended', async () => {
    sso.known('ida');
    const headers = await sso.headersOf(await sso.signIn('ida'));
    const one = begun(await sso.people.send('POST', '/account/confirmation/sso', headers));
    await sso.people.send('DELETE', '/session', headers);
    const query = await new ProviderBrowser().follow(one.url, 'ida');
    expect(outcome(await sso.finish(query, one))).toEqual([401, 'sso-failed']);
  });
});

describe('an account with a password', () => {
  it('is linked by its owner only, signs in either way, and is parted again', async () => {
    const { email, id } = await sso.people.add('viewer');
    sso.set({ roles: [] });
    sso.known('karl', { email });
    expect(outcome(await sso.signIn('karl'))).toEqual([409, 'sso-account-exists']);
    const headers = await sso.people.signIn({ email, password: PASSWORD });
    const one = begun(await sso.people.send('POST', '/account/identity', headers));
    const cookie = `${headers['cookie'] ?? ''}; ${one.cookie}`;
    const query = await new ProviderBrowser().follow(one.url, 'karl');
    expect((await sso.finish(query, { ...one, cookie })).json()).toMatchObject({ purpose: 'link' });
    expect((await sso.sessionOf(await sso.signIn('karl'))).user?.id).toBe(id);
    expect((await sso.people.login({ email, password: PASSWORD })).statusCode).toBe(201);
    const parted = await sso.people.send('DELETE', '/account/identity', headers);
    expect(parted.statusCode).toBe(204);
    expect(outcome(await sso.signIn('karl'))).toEqual([409, 'sso-account-exists']);
    const actions =
      (await sso.audited('account.link-identity')).length +
      (await sso.audited('account.unlink-identity')).length;
    expect(actions).toBe(2);
  });

  it('is the only one that has one to change; without it nothing can be taken over by a stolen session', async () => {
    sso.known('lena');
    const headers = await sso.headersOf(await sso.signIn('lena'));
    const change = { password: '', newPassword: 'harbour-kite-lantern-5' };
    expect(
      (await sso.people.send('PUT', '/account/password', headers, { ...change, password: 'x' })).statusCode,
    ).toBe(409);
    for (const [method, path] of [
      ['POST', '/account/totp'],
      ['DELETE', '/account/identity'],
    ] as const)
      expect(outcome(await sso.people.send(method, path, headers))).toEqual([409, 'no-password']);
  });
});

describe('passwords for owners only', () => {
  const set = async (passwordFor: string) =>
    sso.people.send('PUT', '/sign-in/settings', await sso.people.signIn(), { passwordFor });

  it('refuses other people after their right password, and owners still get in', async () => {
    const { email } = await sso.people.add('admin');
    expect((await set('owners')).json<SignInSettingsDto>()).toMatchObject({ passwordFor: 'owners' });
    expect(outcome(await sso.people.login({ email, password: PASSWORD }))).toEqual([403, 'password-off']);
    expect(outcome(await sso.people.login({ email, password: 'not-the-password' }))).toEqual([
      401,
      'login-failed',
    ]);
    expect((await sso.people.login()).statusCode).toBe(201);
    expect((await sso.people.send('GET', '/sign-in', {})).json()).toEqual({
      passwordFor: 'owners',
      sso: { label: 'Example ID', origin: ORIGIN },
    });
    expect((await set('everyone')).statusCode).toBe(200);
    expect((await sso.people.login({ email, password: PASSWORD })).statusCode).toBe(201);
  });

  it('keeps an owner with a password, whoever else the provider makes an owner', async () => {
    sso.set({ roles: [{ value: 'gatehouse-owners', role: 'owner' }] });
    sso.known('olga', { groups: ['gatehouse-owners'] });
    await sso.signIn('olga');
    const owner = await sso.people.signIn();
    const { items } = (await sso.people.send('GET', '/users', owner)).json<{ items: UserDto[] }>();
    const ada = items.find((one) => one.email === OWNER.email);
    for (const change of [{ role: 'viewer' }, { enabled: false }])
      expect(outcome(await sso.people.send('PATCH', `/users/${ada?.id ?? ''}`, owner, change))).toEqual([
        409,
        'last-owner',
      ]);
  });

  it('needs a provider', async () => {
    const plain = await startHarness();
    const people = peopleOf(plain);
    const answer = await people.send('PUT', '/sign-in/settings', await people.signIn(), {
      passwordFor: 'owners',
    });
    expect(outcome(answer)).toEqual([409, 'sso-off']);
    expect((await people.send('GET', '/sign-in', {})).json()).toEqual({ passwordFor: 'everyone', sso: null });
    await plain.close();
  });
});
