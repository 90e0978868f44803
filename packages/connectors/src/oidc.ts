import type { Clock, Secret } from '@gatehouse/auth-core';
import type { IdentityProvider, PendingSignIn, ProvenIdentity, ProviderFailure } from '@gatehouse/ports';
import type * as OpenId from 'openid-client';
import { identityOf } from './oidc-claims.ts';
import { OutboundFetchError, outboundFetch } from './outbound-fetch.ts';
import type { OutboundPolicy } from './outbound.ts';
import type { SourceTls } from './source-backend.ts';

export interface OidcOptions {
  /** `https://…` */
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined: a public client, which PKCE alone protects. */
  readonly clientSecret: Secret<string> | undefined;
  readonly scopes: readonly string[];
  /** The claim whose values roles are given by. */
  readonly roleClaim: string;
  readonly policy: OutboundPolicy;
  readonly tls: SourceTls | undefined;
  readonly clock: Clock;
}

/** Milliseconds in which the provider must answer each request. */
const REQUEST_MS_MAX = 5_000;
/** Longest answer that is read, bytes: key sets and tokens with many groups are the largest. */
const ANSWER_BYTES_MAX = 524_288;
/** Milliseconds after which the provider's description is read anew. */
const DESCRIPTION_MS = 3_600_000;
/** Seconds by which the provider's clock may differ from ours, either way. */
const CLOCK_SKEW_SECONDS = 60;

/** Loaded when the first sign-in begins: a server without a provider pays nothing for it. */
const openid = (): Promise<typeof OpenId> => import('openid-client');

const failed = (problem: string): ProviderFailure => ({ failure: 'failed', problem });

const codeOf = (error: object): string =>
  'code' in error && typeof error.code === 'string' ? error.code : '';

/** What the provider itself says of a refusal (RFC 6749 §4.1.2.1): a code, and words only of the characters allowed there. */
function saidBy(error: object): string | undefined {
  if (!('error' in error) || typeof error.error !== 'string' || !/^[\w.-]{1,64}$/.test(error.error))
    return undefined;
  return error.error;
}

/** Words for what openid-client threw, made here: its messages and causes may carry parts of tokens. */
const WORDS: Readonly<Record<string, string>> = {
  OAUTH_JWT_CLAIM_COMPARISON_FAILED:
    'a claim of the ID token is not the one expected (issuer, audience or nonce)',
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'a time in the ID token is not possible: do both clocks go right?',
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED:
    'the provider names itself by another issuer than the configured one',
  OAUTH_INVALID_RESPONSE: 'the answer does not fit the request (state, issuer, ID token or nonce)',
  OAUTH_KEY_SELECTION_FAILED: 'the provider publishes no key for the signature of its ID token',
  OAUTH_HTTP_REQUEST_FORBIDDEN: 'an address of the provider is not https',
  OAUTH_MISSING_SERVER_METADATA: 'the provider’s description lacks an address that is needed',
};

function failureOf(error: unknown): ProviderFailure {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if (cause instanceof OutboundFetchError) return { failure: 'unavailable', problem: cause.message };
    const said = saidBy(cause);
    if (said !== undefined) return failed(`the provider says: ${said}`);
    const words = WORDS[codeOf(cause)];
    if (words !== undefined) return failed(words);
    if (codeOf(cause) === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || codeOf(cause) === 'OAUTH_RESPONSE_IS_NOT_JSON')
      return {
        failure: 'unavailable',
        problem: 'what the provider answered is not what OpenID Connect says',
      };
  }
  return failed('the provider’s answer cannot be used');
}

/** HTTP Basic where the provider takes it, as it is the default of the specification, else in the form. */
function authenticationOf(lib: typeof OpenId, secret: Secret<string> | undefined): OpenId.ClientAuth {
  if (secret === undefined) return lib.None();
  const basic = lib.ClientSecretBasic(secret.reveal());
  const post = lib.ClientSecretPost(secret.reveal());
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const use = methods.includes('client_secret_basic') ? basic : post;
    use(server, client, body, headers);
  };
}

/**
 * An OpenID Connect provider: authorization code with PKCE, state and nonce; the ID token's signature, issuer, audience and
 * times are checked, and the `iss` of the answer where the provider sends it (RFC 9207). All requests go through the
 * outbound policy.
 */
export function createOidc(options: OidcOptions): IdentityProvider {
  const { clock } = options;
  const issuer = new URL(options.issuer);
  let known: { readonly at: number; readonly config: Promise<OpenId.Configuration> } | undefined;

  const discover = async (): Promise<OpenId.Configuration> => {
    const lib = await openid();
    const { policy, tls } = options;
    const config = await lib.discovery(
      issuer,
      options.clientId,
      { [lib.clockTolerance]: CLOCK_SKEW_SECONDS },
      authenticationOf(lib, options.clientSecret),
      {
        [lib.customFetch]: outboundFetch({
          policy,
          tls,
          withinMs: REQUEST_MS_MAX,
          bodyBytesMax: ANSWER_BYTES_MAX,
        }),
        timeout: REQUEST_MS_MAX / 1_000,
        execute: [lib.enableNonRepudiationChecks],
      },
    );
    return config;
  };
  const description = async (): Promise<OpenId.Configuration> => {
    if (known === undefined || clock.monotonic() - known.at > DESCRIPTION_MS)
      known = { at: clock.monotonic(), config: discover() };
    const { config } = known;
    try {
      return await config;
    } catch (error) {
      // A failure is not kept: the next sign-in asks again.
      known = undefined;
      throw error;
    }
  };
  const begin: IdentityProvider['begin'] = async ({ redirectUrl, fresh }) => {
    try {
      const [lib, config] = [await openid(), await description()];
      const pending: PendingSignIn = {
        state: lib.randomState(),
        nonce: lib.randomNonce(),
        codeVerifier: lib.randomPKCECodeVerifier(),
        redirectUrl,
        startedAt: clock.now(),
        fresh,
      };
      const url = lib.buildAuthorizationUrl(config, {
        redirect_uri: redirectUrl,
        scope: options.scopes.join(' '),
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await lib.calculatePKCECodeChallenge(pending.codeVerifier),
        code_challenge_method: 'S256',
        ...(fresh ? { prompt: 'login', max_age: '0' } : {}),
      });
      return { url: url.href, pending };
    } catch (error) {
      return failureOf(error);
    }
  };
  const finish = async (pending: PendingSignIn, query: string): Promise<ProvenIdentity | ProviderFailure> => {
    try {
      const [lib, config] = [await openid(), await description()];
      const back = new URL(pending.redirectUrl);
      back.search = query;
      const tokens = await lib.authorizationCodeGrant(config, back, {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) return failed('the provider sent no ID token');
      if (pending.fresh && !isFresh(claims.auth_time, pending.startedAt))
        return failed('the provider did not ask anew who is there');
      const hasUserInfo = config.serverMetadata().userinfo_endpoint !== undefined;
      const more = hasUserInfo ? await lib.fetchUserInfo(config, tokens.access_token, claims.sub) : {};
      return identityOf({ ...more, ...claims }, claims.iss, claims.sub, options.roleClaim);
    } catch (error) {
      return failureOf(error);
    }
  };
  return {
    begin,
    finish,
    probe: async () => {
      try {
        await discover();
        return { ok: true };
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

/** Whether somebody signed in at the provider since it was asked for. */
const isFresh = (authTime: unknown, startedAt: number): boolean =>
  typeof authTime === 'number' && authTime >= Math.floor(startedAt / 1_000) - CLOCK_SKEW_SECONDS;
