import { z } from 'zod';
import { backendShape, backendTls, pem, secretText, stepShape } from './common.ts';
import { httpUrlOrNone, secretHeaders } from './http.ts';
import { aclRules } from './rules.ts';

const claimName = (fallback: string, doc: string) => z.string().max(256).default(fallback).describe(doc);

/** What a token's claim must be. */
const wantedClaims = z
  .record(z.string().min(1).max(256), z.union([z.string().max(1_024), z.number(), z.boolean()]))
  .refine((claims) => Object.keys(claims).length <= 64, { error: 'at most 64 claims' })
  .default({})
  .describe(
    'Claims by name, and what each must be; `%u`, `%c`, `${username}`, `${clientid}` stand for the client’s own names.',
  );

/** Settings of an authenticator of type `jwt`: signed tokens (RFC 7519). */
export const jwtSettings = z.strictObject({
  type: z.literal('jwt'),
  ...stepShape,
  ...backendShape,
  // The key set has its own pause after a failure; a breaker would also stop tokens whose keys are here.
  breaker_failures: backendShape.breaker_failures
    .default(0)
    .describe('Failures in a row after which no token is looked at for a while; 0 never does.'),
  from: z
    .enum(['password', 'username'])
    .default('password')
    .describe('The field of CONNECT that carries the token.'),
  secret: secretText('Secret of HS256, HS384 and HS512, at least 32 bytes; empty: none.').default(''),
  secret_base64: z.boolean().default(false).describe('The secret is written in base64.'),
  weak_secret: z
    .boolean()
    .default(false)
    .describe('Take a secret of fewer than 32 bytes, although it can be found from one token by trying.'),
  public_key: pem('Public keys or certificates (RSA, EC, Ed25519); empty: none.'),
  jwks_url: httpUrlOrNone.default('').describe('Address of a key set (JWKS); empty: none.'),
  jwks_headers: secretHeaders.describe(
    'Headers sent when the key set is fetched, such as `authorization`; never shown again.',
  ),
  jwks_refresh_seconds: z
    .number()
    .int()
    .min(10)
    .max(86_400)
    .default(300)
    .describe('Seconds after which the key set is fetched again.'),
  tls: backendTls.describe(
    'TLS to the address of the key set, where it is `https://`; `enabled` says nothing here.',
  ),
  algorithms: z
    .array(
      z.enum([
        'HS256',
        'HS384',
        'HS512',
        'RS256',
        'RS384',
        'RS512',
        'PS256',
        'PS384',
        'PS512',
        'ES256',
        'ES384',
        'ES512',
        'EdDSA',
      ]),
    )
    .max(13)
    .default([])
    .describe('Algorithms that tokens may have; empty: every one that a configured key fits.'),
  leeway_seconds: z
    .number()
    .int()
    .min(0)
    .max(3_600)
    .default(0)
    .describe('Seconds by which the clocks of issuer and server may differ.'),
  verify_claims: wantedClaims,
  acl_claim: claimName('acl', 'Claim with access rules; empty: none is read.'),
  rules: aclRules
    .optional()
    .describe('What clients may do whose token has no rules. Absent: the default rules.'),
  superuser_claim: claimName('', 'Claim that makes a superuser when it is `true`; empty: none does.'),
  disconnect_at_expiry: z.boolean().default(true).describe('End the session when the token expires.'),
});
export type JwtSettings = z.output<typeof jwtSettings>;
