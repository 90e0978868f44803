import { Secret } from '@gatehouse/auth-core';
import type { Sso, SsoSettings } from '@gatehouse/api';
import { systemClock } from '@gatehouse/broker';
import { createOidc, createOutboundPolicy } from '@gatehouse/connectors';
import type { AuditEntryDto, SessionDto, SsoStartedDto } from '@gatehouse/contract';
import type { LightMyRequestResponse } from 'fastify';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  PROVIDER_CA,
  ProviderBrowser,
  startProvider,
  type TestProvider,
} from '../../support/oidc-provider.ts';
import { codeOf, type Harness, type Headers, ORIGIN, startHarness } from './harness.ts';
import { peopleOf, type People } from './people.ts';

export const CALLBACK = `${ORIGIN}/sso/callback`;
const OPEN: Omit<SsoSettings, 'issuer'> = {
  clientId: CLIENT_ID,
  label: 'Example ID',
  scopes: ['openid', 'email', 'profile'],
  accounts: 'auto',
  emailDomains: [],
  roleClaim: 'groups',
  roles: [
    { value: 'gatehouse-admins', role: 'admin' },
    { value: 'gatehouse-staff', role: 'operator' },
  ],
  defaultRole: null,
};

export interface Begun {
  readonly url: string;
  readonly cookie: string;
  /** An address of its own: none slows another. */
  readonly from: string;
}

export const cookieNamed = (answer: LightMyRequestResponse, name: string): string | undefined => {
  const found = answer.cookies.find((one) => one.name === name);
  return found === undefined ? undefined : `${name}=${found.value}`;
};

export const outcome = (answer: LightMyRequestResponse): readonly [number, string] => [
  answer.statusCode,
  codeOf(answer),
];

let places = 0;

/** What was begun, as the browser keeps it. */
export const begun = (answer: LightMyRequestResponse): Begun => ({
  url: answer.json<SsoStartedDto>().url,
  cookie: cookieNamed(answer, '__Host-gatehouse-sso') ?? '',
  from: `198.51.7.${String((places += 1))}`,
});

/** Presses the button. */
export const start = (at: Harness) =>
  at.send({
    method: 'POST',
    url: '/api/v1/session/sso',
    headers: { origin: ORIGIN },
    payload: { returnTo: '/clients' },
  });

/** Comes back with what the provider said. */
export const finishAt = (at: Harness, query: string, { cookie, from }: Begun) =>
  at.send({
    method: 'POST',
    url: '/api/v1/session/sso/finish',
    headers: { origin: ORIGIN, cookie, 'x-forwarded-for': from },
    payload: { query },
  });

/** Headers of the session that an answer opened. */
export const headersOf = async (at: Harness, answer: LightMyRequestResponse): Promise<Headers> => {
  const cookie = cookieNamed(answer, '__Host-gatehouse') ?? '';
  const session = await at.send({ method: 'GET', url: '/api/v1/session', headers: { cookie } });
  return { cookie, origin: ORIGIN, 'x-csrf-token': session.json<SessionDto>().csrfToken ?? '' };
};

/** A provider, a house that knows it, and what tests do with both. */
export interface SsoTest {
  readonly provider: TestProvider;
  readonly house: Harness;
  readonly people: People;
  /** Settings from now on, over those that let everybody in whose groups have a role; `reset` takes them back. */
  set(change: Partial<SsoSettings>): void;
  reset(): void;
  /** Another house, whose provider is at this issuer. */
  houseAt(
    issuer: string,
    more?: { readonly clock?: typeof systemClock; readonly deny?: readonly string[] },
  ): Promise<Harness>;
  /** Somebody the provider knows: staff with a verified address, unless something else is said. */
  known(subject: string, more?: object): void;
  begin(): Promise<Begun>;
  finish(query: string, begun: Begun): Promise<LightMyRequestResponse>;
  /** From the button to the answer of the console. */
  signIn(subject: string, browser?: ProviderBrowser): Promise<LightMyRequestResponse>;
  sessionOf(answer: LightMyRequestResponse): Promise<SessionDto>;
  headersOf(answer: LightMyRequestResponse): Promise<Headers>;
  audited(action: string): Promise<readonly AuditEntryDto[]>;
  close(): Promise<void>;
}

export async function openSso(): Promise<SsoTest> {
  const provider = await startProvider([CALLBACK]);
  const initial: SsoSettings = { ...OPEN, issuer: provider.issuer };
  let settings = initial;
  const houseAt: SsoTest['houseAt'] = (issuer, { clock = systemClock, deny = [] } = {}) => {
    const sso: Sso = {
      provider: createOidc({
        issuer,
        clientId: CLIENT_ID,
        clientSecret: new Secret(CLIENT_SECRET),
        scopes: OPEN.scopes,
        roleClaim: OPEN.roleClaim,
        policy: createOutboundPolicy({ allow: [], deny }),
        tls: {
          ca: PROVIDER_CA,
          cert: undefined,
          key: undefined,
          verify: true,
          serverName: undefined,
        },
        clock,
      }),
      get settings() {
        return settings;
      },
    };
    return startHarness({ sso });
  };
  const house = await houseAt(provider.issuer);
  const people = peopleOf(house);
  const begin = async (): Promise<Begun> => begun(await start(house));
  const finish: SsoTest['finish'] = (query, one) => finishAt(house, query, one);
  return {
    provider,
    house,
    people,
    set: (change) => void (settings = { ...settings, ...change }),
    reset: () => void (settings = initial),
    houseAt,
    known: (subject, more = {}) =>
      void provider.people.set(subject, {
        email: `${subject}@example.org`,
        email_verified: true,
        name: `${subject} of the provider`,
        groups: ['gatehouse-staff'],
        ...more,
      }),
    begin,
    finish,
    signIn: async (subject, browser = new ProviderBrowser()) => {
      const one = await begin();
      return finish(await browser.follow(one.url, subject), one);
    },
    headersOf: (answer) => headersOf(house, answer),
    sessionOf: async (answer) =>
      (await people.send('GET', '/session', await headersOf(house, answer))).json(),
    audited: async (action) =>
      (await people.send('GET', `/audit?action=${action}&limit=200`, await people.signIn())).json<{
        items: AuditEntryDto[];
      }>().items,
    close: async () => {
      await house.close();
      await provider.stop();
    },
  };
}
