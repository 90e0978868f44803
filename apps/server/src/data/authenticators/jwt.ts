import { createJwt, Secret, type Attempt, type JwtOptions, type SafeDetail } from '@gatehouse/auth-core';
import {
  createOutboundClient,
  createOutboundPolicy,
  createTokenVerifier,
  Jwks,
  JWKS_BYTES_MAX,
  JWKS_FETCH_MS_MAX,
  publicKeys,
  readPem,
  readTls,
  SECRET_BYTES_MIN,
  secretKey,
  type OutboundClient,
  type VerificationKey,
} from '@gatehouse/connectors';
import { jwtSettings, type JwtSettings } from '@gatehouse/contract/authenticators';
import { failing } from './failing.ts';
import type { AuthenticatorKind, AuthenticatorNeeds, Probe, SettingProblem } from './kind.ts';
import { NO_BUDGET } from './no-budget.ts';
import { rulesOf, topicProblems } from './x509-settings.ts';

/** The keys of the settings in the order in which they are tried, or what is wrong with them. */
function fixedKeys(settings: JwtSettings): readonly VerificationKey[] | SettingProblem {
  const keys: VerificationKey[] = [];
  if (settings.secret !== '') {
    const read = secretKey(new Secret(settings.secret), {
      base64: settings.secret_base64,
      weak: settings.weak_secret,
    });
    if (read.keys === undefined) {
      const accepted = `at least ${SECRET_BYTES_MIN} bytes, in base64 with secret_base64: true; weak_secret: true takes fewer`;
      return { path: 'secret', found: read.problem, accepted };
    }
    keys.push(read.keys);
  }
  const pem = readPem(settings.public_key);
  const read = pem.text === undefined ? pem : pem.text === '' ? { keys: [] } : publicKeys(pem.text);
  if (!('keys' in read) || read.keys === undefined) {
    const accepted =
      'public keys or certificates in PEM (RSA from 2048 bits, P-256, P-384, P-521, Ed25519), or the path of a file with them';
    return { path: 'public_key', found: read.problem, accepted };
  }
  return [...keys, ...read.keys];
}

const USERNAME_PLACEHOLDER = /%u|\$\{username\}/;
const KNOWN_PLACEHOLDER = /\$\{(?:username|clientid)\}/g;

function claimProblems({ verify_claims: claims, from }: JwtSettings): SettingProblem[] {
  return Object.entries(claims).flatMap(([name, template]): SettingProblem[] => {
    if (typeof template !== 'string') return [];
    const path = `verify_claims.${name}`;
    if (from === 'username' && USERNAME_PLACEHOLDER.test(template)) {
      return [
        {
          path,
          found: 'the username',
          accepted: 'the client ID or a text: with from: username the username is the token',
        },
      ];
    }
    return template.replaceAll(KNOWN_PLACEHOLDER, '').includes('${')
      ? [{ path, found: 'an unknown placeholder', accepted: '%u, %c, ${username}, ${clientid}' }]
      : [];
  });
}

function problems(settings: JwtSettings): readonly SettingProblem[] {
  const out = [...claimProblems(settings), ...topicProblems(settings.rules, 'rules')];
  const keys = fixedKeys(settings);
  if ('path' in keys) out.push(keys);
  else if (keys.length === 0 && settings.jwks_url === '') {
    out.push({ path: '', found: 'no key', accepted: 'secret, public_key or jwks_url' });
  }
  const tls = readTls(settings.tls);
  if (tls.tls === undefined) {
    out.push({ path: `tls.${tls.at}`, found: tls.problem, accepted: 'PEM, or the path of a file with it' });
  }
  return out;
}

/** The key set behind a URL, with its connection. */
interface RunningSet {
  readonly jwks: Jwks;
  readonly client: OutboundClient;
}

function keySetOf(
  settings: JwtSettings,
  { outbound, ownPorts, clock }: AuthenticatorNeeds,
): RunningSet | undefined | { readonly problem: string } {
  if (settings.jwks_url === '') return undefined;
  const read = readTls(settings.tls);
  if (read.tls === undefined) return { problem: `tls.${read.at}: ${read.problem}` };
  const client = createOutboundClient({
    url: settings.jwks_url,
    policy: createOutboundPolicy({ ...outbound, ...(ownPorts === undefined ? {} : { ownPorts }) }),
    connectionsMax: 1,
    connectTimeoutMs: JWKS_FETCH_MS_MAX,
    bodyBytesMax: JWKS_BYTES_MAX,
    tls: read.tls,
  });
  const headers = { accept: 'application/json', ...settings.jwks_headers };
  const fetch = () => client.ask({ method: 'GET', headers }, JWKS_FETCH_MS_MAX);
  const jwks = new Jwks({ fetch, clock, refreshMs: settings.jwks_refresh_seconds * 1_000 });
  return { jwks, client };
}

async function probeOf({ jwks }: RunningSet, { clock }: AuthenticatorNeeds): Promise<Probe> {
  const startedAt = clock.monotonic();
  const problem = await jwks.probe();
  return problem === undefined
    ? { ok: true, ms: Math.round(clock.monotonic() - startedAt) }
    : { ok: false, problem };
}

const iso = (ms: number | undefined): string => (ms === undefined ? 'never' : new Date(ms).toISOString());

/** Key IDs listed at most. */
const KIDS_SHOWN_MAX = 20;

/** What is known of the keys, and whether the attempt carries something to check with them. */
function explained(
  { from }: JwtSettings,
  keys: readonly VerificationKey[],
  set: RunningSet | undefined,
  attempt: Attempt,
): SafeDetail {
  const sent = from === 'username' ? attempt.username : attempt.password?.reveal();
  const state = set?.jwks.state();
  return {
    field: from,
    characters: sent?.length ?? 'absent',
    keysOfSettings: keys.map(({ algorithms }) => algorithms.join(' ')),
    ...(state === undefined
      ? {}
      : {
          keySetFetched: iso(state.loadedAt),
          keySetKids: state.kids.slice(0, KIDS_SHOWN_MAX),
          keySetSkipped: state.skipped,
          ...(state.problem === undefined ? {} : { keySetProblem: state.problem }),
        }),
  };
}

/** Signed tokens in the password or the username. */
export const jwtKind: AuthenticatorKind<JwtSettings> = {
  settings: jwtSettings,
  problems,
  create: (name, settings, needs) => {
    const keys = fixedKeys(settings);
    if ('path' in keys) return failing(name, 'jwt', 'AUTHENTICATOR_ERROR', `${keys.path}: ${keys.found}`);
    const set = keySetOf(settings, needs);
    if (set !== undefined && 'problem' in set)
      return failing(name, 'jwt', 'JWT_JWKS_UNAVAILABLE', set.problem);
    const { clock } = needs;
    const options: JwtOptions = {
      name,
      from: settings.from,
      verifier: createTokenVerifier({ keys, jwks: set?.jwks, algorithms: settings.algorithms, clock }),
      budget: needs.budget,
      clock,
      leewaySeconds: settings.leeway_seconds,
      verifyClaims: settings.verify_claims,
      aclClaim: settings.acl_claim,
      rules: settings.rules && rulesOf(settings.rules),
      superuserClaim: settings.superuser_claim,
      disconnectAtExpiry: settings.disconnect_at_expiry,
    };
    return {
      authenticator: createJwt(options),
      rehearsal: createJwt({ ...options, budget: NO_BUDGET }),
      ...(set === undefined ? {} : { probe: () => probeOf(set, needs), pool: () => set.client.pool() }),
      explain: (attempt) => Promise.resolve(explained(settings, keys, set, attempt)),
      close: async () => {
        set?.jwks.close();
        await set?.client.close();
      },
    };
  },
};
