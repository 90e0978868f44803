import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { paho } from './clients.ts';
import type { Scenario } from './scenario.ts';

const SECRET = 'the-shared-secret-of-the-scenarios';

/** A server whose only authenticator takes tokens of HS256 that name the client. */
export const TOKEN_SETTINGS = [
  `auth.authenticators.tokens={type: jwt, secret: ${SECRET}, verify_claims: {sub: "%c"}}`,
  'auth.chains.default=[tokens]',
] as const;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of HS256. */
export function hs256(claims: Readonly<Record<string, unknown>>, secret = SECRET): string {
  const input = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** A token of RS256 by a key that nobody knows, which names a key. */
export function rs256(claims: Readonly<Record<string, unknown>>): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const input = `${part({ alg: 'RS256', kid: 'nobody' })}.${part(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

/** A token without a signature. */
export const unsigned = (claims: Readonly<Record<string, unknown>>): string =>
  `${part({ alg: 'none' })}.${part(claims)}.`;

/** Seconds since the epoch. */
export const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

/** A client whose password is what `tokenFor` makes of its client ID; undefined: it sends none. */
export const tokenScenario = (
  tokenFor: (clientId: string) => string | undefined,
  settings: readonly string[] = TOKEN_SETTINGS,
): Scenario => ({
  settings,
  async attempt({ server, tag }) {
    const password = tokenFor(tag);
    const device = { clientId: tag, username: tag, ...(password === undefined ? {} : { password }) };
    return { query: `clientId=${tag}`, connack: await paho(server.ports.tcp, device) };
  },
});
