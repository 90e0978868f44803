import type { AccountDto, Problem, SsoFinishedDto, SsoStartedDto } from '@gatehouse/contract';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CLIENT_SECRET,
  listen,
  metadataOf,
  ProviderBrowser,
  startProvider,
} from '../support/oidc-provider.ts';
import { OWNER } from './support/harness.ts';
import { peopleOf } from './support/people.ts';
import {
  begun,
  CALLBACK,
  cookieNamed,
  finishAt,
  openSso,
  outcome,
  type SsoTest,
  start,
} from './support/sso.ts';

let sso: SsoTest;
beforeAll(async () => {
  sso = await openSso();
});
afterAll(() => sso.close());
beforeEach(() => sso.reset());

describe('signing in at the provider', () => {
  it('opens a session in the role that the claim gives, for an account of its own, and leads back', async () => {
    sso.known('grace', { groups: ['everybody', 'gatehouse-staff', 'gatehouse-admins'] });
    const answer = await sso.signIn('grace');
    expect(answer.json<SsoFinishedDto>()).toEqual({ purpose: 'sign-in', returnTo: '/clients' });
    expect(await sso.sessionOf(answer)).toMatchObject({
      role: 'admin',
      user: { email: 'grace@example.org', name: 'grace of the provider', hasPassword: false },
    });
    const account = (
      await sso.people.send('GET', '/account', await sso.headersOf(answer))
    ).json<AccountDto>();
    expect(account.identity).toMatchObject({ issuer: sso.provider.issuer, subject: 'grace' });
    expect(
      (await sso.audited('session.login')).find((one) => one.target?.name === 'grace@example.org'),
    ).toMatchObject({
      after: { issuer: sso.provider.issuer },
    });
  });

  it('keeps what it begun in a cookie that is bound to host, TLS and site, and takes it off when it ends', async () => {
    const started = await start(sso.house);
    expect(started.cookies).toMatchObject([
      {
        name: '__Host-gatehouse-sso',
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'Strict',
        maxAge: 600,
      },
    ]);
    const { url } = started.json<SsoStartedDto>();
    for (const secret of ['code_verifier', CLIENT_SECRET]) expect(url).not.toContain(secret);
    const failed = await sso.finish('error=access_denied', begun(started));
    expect(failed.cookies).toMatchObject([{ name: '__Host-gatehouse-sso', value: '' }]);
  });

  it('finds the account by issuer and subject, whatever the address is now, and follows the role', async () => {
    sso.known('mary');
    const first = await sso.headersOf(await sso.signIn('mary'));
    sso.known('mary', { email: 'mary.new@example.org', groups: ['gatehouse-admins'] });
    const again = await sso.sessionOf(await sso.signIn('mary'));
    expect(again).toMatchObject({ role: 'admin', user: { email: 'mary@example.org' } });
    // The session with the rights from before is over.
    expect((await sso.people.send('GET', '/session', first)).statusCode).toBe(401);
  });

  it('says in words that somebody has no role here, and lets nobody in', async () => {
    sso.known('nobody', { groups: ['other-department'] });
    expect(outcome(await sso.signIn('nobody'))).toEqual([403, 'sso-no-role']);
    sso.set({ defaultRole: 'viewer' });
    expect(await sso.sessionOf(await sso.signIn('nobody'))).toMatchObject({ role: 'viewer' });
    sso.set({ defaultRole: null });
    // Whoever had a role and lost it is out as well.
    expect(outcome(await sso.signIn('nobody'))).toEqual([403, 'sso-no-role']);
    const refusals = await sso.audited('session.login-failed');
    expect(refusals.find((one) => one.target?.name === 'nobody@example.org')?.after).toEqual({
      failures: 1,
      why: 'sso-no-role',
    });
  });

  it('makes no account of an address that the provider has not verified, or of another domain', async () => {
    sso.known('liar', { email_verified: false });
    expect(outcome(await sso.signIn('liar'))).toEqual([403, 'sso-email-unverified']);
    sso.provider.people.set('silent', { groups: ['gatehouse-staff'] });
    expect(outcome(await sso.signIn('silent'))).toEqual([403, 'sso-email-unverified']);
    sso.set({ emailDomains: ['example.com'] });
    sso.known('stranger');
    expect(outcome(await sso.signIn('stranger'))).toEqual([403, 'sso-domain']);
    sso.known('stranger', { email: 'stranger@EXAMPLE.com' });
    expect((await sso.signIn('stranger')).statusCode).toBe(200);
  });

  it('lets in who was invited by the verified address, in the role of the invitation where the provider has no say', async () => {
    sso.set({ accounts: 'invited', roles: [] });
    sso.known('guest');
    expect(outcome(await sso.signIn('guest'))).toEqual([403, 'sso-not-invited']);
    const owner = await sso.people.signIn();
    await sso.people.send('POST', '/invitations', owner, { email: 'Guest@example.org', role: 'viewer' });
    sso.known('guest', { email_verified: false });
    expect(outcome(await sso.signIn('guest'))).toEqual([403, 'sso-email-unverified']);
    sso.known('guest');
    expect(await sso.sessionOf(await sso.signIn('guest'))).toMatchObject({ role: 'viewer' });
    expect((await sso.people.send('GET', '/invitations', owner)).json()).toEqual({ items: [] });
  });

  it('never takes an account over by its address', async () => {
    sso.known('thief', { email: OWNER.email });
    expect(outcome(await sso.signIn('thief'))).toEqual([409, 'sso-account-exists']);
  });

  it('refuses a disabled account', async () => {
    sso.known('gone');
    const session = await sso.sessionOf(await sso.signIn('gone'));
    const owner = await sso.people.signIn();
    await sso.people.send('PATCH', `/users/${session.user?.id ?? ''}`, owner, { enabled: false });
    expect(outcome(await sso.signIn('gone'))).toEqual([403, 'sso-account-disabled']);
  });
});

describe('an answer that does not fit', () => {
  const detailOf = (answer: LightMyRequestResponse) => answer.json<Problem>().detail;

  it('is refused: a code that was used, another state, another nonce, another issuer', async () => {
    sso.known('eve');
    const used = await sso.begin();
    const query = await new ProviderBrowser().follow(used.url, 'eve');
    expect((await sso.finish(query, used)).statusCode).toBe(200);
    const again = await sso.finish(query, used);
    expect([...outcome(again), detailOf(again)]).toEqual([
      401,
      'sso-failed',
      'the provider says: invalid_grant.',
    ]);

    const other = await sso.begin();
    const changed = new URLSearchParams(await new ProviderBrowser().follow(other.url, 'eve'));
    changed.set('state', 'another');
    expect(outcome(await sso.finish(changed.toString(), other))).toEqual([401, 'sso-failed']);

    const third = await sso.begin();
    const nonce = new URL(third.url);
    nonce.searchParams.set('nonce', 'another');
    const refused = await sso.finish(await new ProviderBrowser().follow(nonce.href, 'eve'), third);
    expect([...outcome(refused), detailOf(refused)]).toEqual([
      401,
      'sso-failed',
      'a claim of the ID token is not the one expected (issuer, audience or nonce).',
    ]);

    const fourth = await sso.begin();
    const mixed = new URLSearchParams(await new ProviderBrowser().follow(fourth.url, 'eve'));
    mixed.set('iss', 'https://evil.example');
    expect(outcome(await sso.finish(mixed.toString(), fourth))).toEqual([401, 'sso-failed']);
  });

  it('is refused in another browser, and after ten minutes', async () => {
    sso.known('eve');
    const mine = await sso.begin();
    const query = await new ProviderBrowser().follow(mine.url, 'eve');
    const theirs = await sso.begin();
    expect(outcome(await sso.finish(query, theirs))).toEqual([401, 'sso-failed']);
    expect(outcome(await sso.finish(query, { ...mine, cookie: '' }))).toEqual([401, 'sso-failed']);
    sso.house.clock.advance(10 * 60_000);
    expect(outcome(await sso.finish(query, mine))).toEqual([401, 'sso-failed']);
  });

  it('is refused where the ID token is of another issuer than the configured one', async () => {
    sso.known('eve');
    // Says of itself what it is not, and leads to the other one for everything else.
    const impostor = await listen((origin) => (_request, response) => {
      void metadataOf(sso.provider.issuer).then((metadata) => {
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({
            ...metadata,
            issuer: origin,
            authorization_response_iss_parameter_supported: false,
          }),
        );
      });
    });
    const deceived = await sso.houseAt(impostor.origin);
    const one = begun(await start(deceived));
    const query = new URLSearchParams(await new ProviderBrowser().follow(one.url, 'eve'));
    query.delete('iss');
    const answer = await finishAt(deceived, query.toString(), one);
    expect(outcome(answer)).toEqual([401, 'sso-failed']);
    expect(cookieNamed(answer, '__Host-gatehouse')).toBeUndefined();
    await deceived.close();
    await impostor.stop();
  });

  it('is counted: the address that fails again and again has to wait', async () => {
    const one = await sso.begin();
    const from = '198.51.9.9';
    for (let tries = 0; tries < 5; tries += 1) await sso.finish('error=access_denied', { ...one, from });
    expect(outcome(await sso.finish('error=access_denied', { ...one, from }))).toEqual([
      429,
      'too-many-requests',
    ]);
  });
});

describe('a provider that cannot be asked', () => {
  it('is said so, and the password still signs in', async () => {
    const dead = await startProvider([CALLBACK]);
    await dead.stop();
    const alone = await sso.houseAt(dead.issuer);
    const began = await start(alone);
    expect(outcome(began)).toEqual([503, 'sso-unavailable']);
    expect(began.json<Problem>().detail).toContain('ECONNREFUSED');
    const others = peopleOf(alone);
    expect((await others.login()).statusCode).toBe(201);
    const status = await others.send('GET', '/sign-in/provider', await others.signIn());
    expect(status.json()).toEqual({ ok: false, problem: began.json<Problem>().detail });
    await alone.close();
  });

  it('is not called where the outbound policy denies it', async () => {
    const denied = await sso.houseAt(sso.provider.issuer, { deny: ['127.0.0.0/8'] });
    const began = await start(denied);
    expect(outcome(began)).toEqual([503, 'sso-unavailable']);
    expect(began.json<Problem>().detail).toContain('outbound.deny');
    await denied.close();
  });
});

it('no secret of a sign-in gets into the log', () => {
  const log = sso.house.logged.join('\n');
  for (const secret of [CLIENT_SECRET, 'code=', 'id_token', 'codeVerifier'])
    expect(log).not.toContain(secret);
});
