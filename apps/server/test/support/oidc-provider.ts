import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as ask } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Provider } from 'oidc-provider';
import { makeAuthority } from '../../../../packages/connectors/test/support/authority.ts';

export const CLIENT_ID = 'gatehouse';
export const CLIENT_SECRET = 'a-secret-of-this-test-only-9c1f';

/** What the provider says of somebody, beside `sub`. */
export interface ProviderClaims {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
}

/** A real OpenID Connect provider on loopback, where everybody of `people` signs in with any password. */
export interface TestProvider {
  readonly issuer: string;
  /** By subject; what a test puts here is told from then on. */
  readonly people: Map<string, ProviderClaims>;
  readonly stop: () => Promise<void>;
}

const authority = makeAuthority('IP:127.0.0.1');
/** Certificate of the CA that signed the provider's, PEM. */
export const PROVIDER_CA = authority.ca;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Listens on loopback; the handler may need to know where. */
export async function listen(handlerAt: (origin: string) => Handler) {
  const server = createServer({ key: authority.key, cert: authority.cert });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('request', handlerAt(origin));
  return {
    origin,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Starts a provider that knows the console at these redirect URLs; nobody is asked for consent. */
export async function startProvider(redirectUrls: readonly string[]): Promise<TestProvider> {
  const people = new Map<string, ProviderClaims>();
  const { origin, stop } = await listen((issuer) => {
    const provider = new Provider(issuer, {
      clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [...redirectUrls] }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
      findAccount: (_ctx, sub) => {
        const claims = people.get(sub);
        if (claims === undefined) return undefined;
        return { accountId: sub, claims: () => ({ sub, ...claims, groups: [...(claims.groups ?? [])] }) };
      },
      loadExistingGrant: async (ctx) => {
        const grant = new ctx.oidc.provider.Grant({
          clientId: CLIENT_ID,
          ...(ctx.oidc.session?.accountId === undefined ? {} : { accountId: ctx.oidc.session.accountId }),
        });
        grant.addOIDCScope('openid email profile');
        await grant.save();
        return grant;
      },
      cookies: { keys: ['of this test only'] },
    });
    const handler = provider.callback();
    return (request, response) => void handler(request, response);
  });
  return { issuer: origin, people, stop };
}

const SIGN_IN_STEPS_MAX = 10;

/** Asks a provider, whose CA nobody else trusts. */
async function asked(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<IncomingMessage> {
  const request = ask(url, { method, ca: PROVIDER_CA, agent: false, headers });
  request.end(body);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
}

/** What a provider says of itself (OpenID Connect Discovery). */
export async function metadataOf(issuer: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await asked(new URL(`${issuer}/.well-known/openid-configuration`), 'GET', {});
  return JSON.parse(await text(answer)) as Record<string, unknown>;
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

/** A browser of somebody, as far as the provider can tell: it keeps cookies and follows where it is led. */
export class ProviderBrowser {
  readonly #cookies = new Map<string, string>();

  /** Follows an authorization request, signing in as `subject` where it is asked; what the provider sends back to the console. */
  async follow(url: string, subject: string): Promise<string> {
    const redirect = new URL(url).searchParams.get('redirect_uri') ?? '';
    let next = new URL(url);
    for (let step = 0; step < SIGN_IN_STEPS_MAX; step += 1) {
      const answer = await this.#ask(next, 'GET');
      const { location } = answer;
      if (location !== undefined) {
        next = new URL(location, next);
      } else {
        const action = /action="([^"]+)"/.exec(answer.text)?.[1];
        if (action === undefined) throw new Error(`no form at ${next.pathname}: ${answer.status}`);
        const form = new URLSearchParams({ prompt: 'login', login: subject, password: 'any' });
        const posted = await this.#ask(new URL(action, next), 'POST', form);
        next = new URL(posted.location ?? '', next);
      }
      if (next.href.startsWith(`${redirect}?`)) return next.search.slice(1);
    }
    throw new Error('the provider does not lead back');
  }

  async #ask(url: URL, method: string, form?: URLSearchParams): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form?.toString();
    const type = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await asked(url, method, { cookie, ...type }, body);
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return { status: answer.statusCode ?? 0, location: answer.headers.location, text: await text(answer) };
  }
}
