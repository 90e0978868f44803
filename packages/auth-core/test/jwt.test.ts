import { describe, expect, test } from 'vitest';
import type { Attempt } from '../src/attempt.ts';
import { createJwt, type JwtOptions, TOKEN_BYTES_MAX } from '../src/methods/jwt.ts';
import type { Claims, TokenVerification } from '../src/methods/jwt-token.ts';
import type { GuessedIdentity } from '../src/needs.ts';
import { attemptOf, manualClock, passwordOf } from '../src/testing/index.ts';
import type { Verdict } from '../src/verdict.ts';

const clock = manualClock();
const NOW = clock.now() / 1_000;
const verified = (claims: Claims): TokenVerification => ({
  result: 'verified',
  claims,
  alg: 'HS256',
  kid: 'k1',
});

/** An authenticator whose verifier answers the same about every token. */
function house(answer: TokenVerification, differs: Partial<JwtOptions> = {}, known = false) {
  const told: [string, readonly GuessedIdentity[] | undefined, GuessedIdentity | undefined][] = [];
  const asked: string[] = [];
  const jwt = createJwt({
    name: 'tokens',
    from: 'password',
    verifier: {
      peek: (token) => {
        asked.push(token);
        return known ? answer : undefined;
      },
      verify: () => Promise.resolve(answer),
    },
    budget: {
      admit: (_attempt, tried) => {
        told.push(['admit', tried, undefined]);
        return { result: 'ok' };
      },
      failed: (_attempt, tried) => told.push(['failed', tried, undefined]),
      succeeded: (_attempt, tried, proved) => told.push(['succeeded', tried, proved]),
      released: (_attempt, tried) => told.push(['released', tried, undefined]),
    },
    clock,
    leewaySeconds: 0,
    verifyClaims: {},
    aclClaim: 'acl',
    superuserClaim: '',
    disconnectAtExpiry: true,
    ...differs,
  });
  return { jwt, told, asked };
}

const bearer = (differs: Partial<Attempt> = {}): Attempt =>
  attemptOf({ username: 'pump-7', password: passwordOf('a.b.c'), ...differs });

const judge = async (
  claims: Claims,
  differs: Partial<JwtOptions> = {},
  attempt = bearer(),
): Promise<Verdict> => house(verified(claims), differs).jwt.check(attempt);

const reasonOf = (verdict: Verdict): string =>
  'reason' in verdict ? `${verdict.outcome} ${verdict.reason}` : verdict.outcome;
const grantOf = (verdict: Verdict) => {
  if (verdict.outcome !== 'allow') throw new Error(reasonOf(verdict));
  return verdict.grant;
};
const detailOf = (verdict: Verdict) => ('detail' in verdict ? verdict.detail : undefined);

describe('where the token is', () => {
  test.each([
    ['password', undefined, 'not at all'],
    ['password', '', 'empty'],
    ['username', undefined, 'not at all'],
    ['username', '', 'empty'],
  ] as const)('no token in the %s (%j) is ignored as missing', async (from, text, sent) => {
    const { jwt, asked } = house(verified({}), { from });
    const attempt = attemptOf(
      from === 'username'
        ? { username: text }
        : { password: text === undefined ? undefined : passwordOf(text) },
    );
    expect(await jwt.check(attempt)).toEqual({
      outcome: 'ignore',
      reason: 'JWT_MISSING',
      detail: { field: from, sent },
    });
    expect(asked).toEqual([]);
  });

  test.each(['password', 'username'] as const)(
    'what is longer than the bound is never looked at: %s',
    async (from) => {
      const { jwt, asked } = house(verified({}), { from });
      const text = 'a'.repeat(TOKEN_BYTES_MAX + 1);
      const verdict = await jwt.check(attemptOf({ username: text, password: passwordOf(text) }));
      expect(reasonOf(verdict)).toBe('ignore JWT_MALFORMED');
      expect(asked).toEqual([]);
    },
  );

  test('the token comes from the field that is set', async () => {
    const attempt = attemptOf({ username: 'u.u.u', password: passwordOf('p.p.p') });
    const inPassword = house(verified({}));
    await inPassword.jwt.check(attempt);
    const inUsername = house(verified({}), { from: 'username' });
    await inUsername.jwt.check(attempt);
    expect([...inPassword.asked, ...inUsername.asked]).toEqual(['p.p.p', 'u.u.u']);
  });
});

describe('what the verifier says', () => {
  test.each([
    [{ result: 'malformed', problem: 'x' }, 'ignore JWT_MALFORMED'],
    [{ result: 'no-key', alg: 'RS256', kid: undefined, problem: 'x' }, 'ignore JWT_KEY_NOT_FOUND'],
    [{ result: 'keys-unavailable', problem: 'x' }, 'error JWT_JWKS_UNAVAILABLE'],
    [{ result: 'algorithm-not-allowed', alg: 'none', allowed: [] }, 'deny JWT_ALGORITHM_NOT_ALLOWED'],
    [{ result: 'signature-invalid', alg: 'HS256', kid: 'k', keysTried: 1 }, 'deny JWT_SIGNATURE_INVALID'],
  ] as const)('%j is %s, known at once or after work', async (answer, expected) => {
    expect(reasonOf(await house(answer).jwt.check(bearer()))).toBe(expected);
    expect(reasonOf(await house(answer, {}, true).jwt.check(bearer()))).toBe(expected);
  });

  test('an answer that is there at once needs no promise', () => {
    const { jwt } = house(verified({}), {
      verifier: { peek: () => undefined, verify: () => verified({}) },
    });
    expect(jwt.check(bearer())).toMatchObject({ outcome: 'allow' });
  });
});

describe('times', () => {
  test.each([
    [{ exp: NOW + 1 }, 'allow'],
    [{ exp: NOW }, 'deny JWT_EXPIRED'],
    [{ exp: NOW - 1 }, 'deny JWT_EXPIRED'],
    [{ exp: String(NOW + 1) }, 'allow'],
    [{ exp: String(NOW - 1) }, 'deny JWT_EXPIRED'],
    [{ exp: 0 }, 'deny JWT_EXPIRED'],
    [{ exp: 'soon' }, 'deny JWT_CLAIM_MISMATCH'],
    [{ exp: '' }, 'deny JWT_CLAIM_MISMATCH'],
    [{ exp: null }, 'deny JWT_CLAIM_MISMATCH'],
    [{ exp: [NOW + 1] }, 'deny JWT_CLAIM_MISMATCH'],
    [{ exp: Infinity }, 'deny JWT_CLAIM_MISMATCH'],
    [{ exp: 1e300 }, 'allow'],
    [{ exp: -1e300 }, 'deny JWT_EXPIRED'],
    [{ nbf: NOW }, 'allow'],
    [{ nbf: NOW + 1 }, 'deny JWT_NOT_YET_VALID'],
    [{ nbf: 'never' }, 'deny JWT_CLAIM_MISMATCH'],
    [{ iat: NOW }, 'allow'],
    [{ iat: NOW + 1 }, 'deny JWT_ISSUED_IN_FUTURE'],
    [{ iat: NOW * 1_000 }, 'deny JWT_ISSUED_IN_FUTURE'],
    [{}, 'allow'],
  ])('%j: %s', async (claims, expected) => {
    expect(reasonOf(await judge(claims))).toBe(expected);
  });

  test('the leeway moves every limit by its seconds and no further', async () => {
    const leeway = { leewaySeconds: 30 };
    for (const claims of [{ exp: NOW - 29 }, { nbf: NOW + 30 }, { iat: NOW + 30 }]) {
      expect(reasonOf(await judge(claims, leeway))).toBe('allow');
    }
    for (const claims of [{ exp: NOW - 30 }, { nbf: NOW + 31 }, { iat: NOW + 31 }]) {
      expect(reasonOf(await judge(claims, leeway))).toMatch(/^deny/);
    }
  });

  test('a time in milliseconds is told as what it looks like', async () => {
    expect(detailOf(await judge({ iat: NOW * 1_000 }))?.['hint']).toMatch(/milliseconds/);
  });

  test('the session ends with the token, the leeway included, unless that is switched off', async () => {
    expect(grantOf(await judge({ exp: NOW + 60 })).expiresAt).toBe((NOW + 60) * 1_000);
    expect(grantOf(await judge({ exp: NOW - 5 }, { leewaySeconds: 30 })).expiresAt).toBe((NOW + 25) * 1_000);
    expect(grantOf(await judge({ exp: NOW + 60 }, { disconnectAtExpiry: false })).expiresAt).toBeUndefined();
    expect(grantOf(await judge({})).expiresAt).toBeUndefined();
    expect(grantOf(await judge({ exp: 1e300 })).expiresAt).toBeUndefined();
  });
});

describe('claims that must be something', () => {
  test.each([
    [{ sub: '%u' }, { sub: 'pump-7' }, 'allow'],
    [{ sub: '${username}' }, { sub: 'pump-7' }, 'allow'],
    [{ sub: '%c' }, { sub: 'device-7' }, 'allow'],
    [{ sub: 'dev:${clientid}' }, { sub: 'dev:device-7' }, 'allow'],
    [{ sub: '%u/%c' }, { sub: 'pump-7/device-7' }, 'allow'],
    [{ sub: '%u' }, { sub: 'pump-8' }, 'deny'],
    [{ sub: '%u' }, {}, 'deny'],
    [{ sub: '%u' }, { sub: ['pump-7'] }, 'allow'],
    [{ level: 3 }, { level: 3 }, 'allow'],
    [{ level: 3 }, { level: '3' }, 'deny'],
    [{ level: 3 }, { level: 4 }, 'deny'],
    [{ active: true }, { active: true }, 'allow'],
    [{ active: true }, { active: false }, 'deny'],
    [{ aud: 'mqtt' }, { aud: ['web', 'mqtt'] }, 'allow'],
    [{ aud: 'mqtt' }, { aud: ['web'] }, 'deny'],
    [{ aud: 'mqtt' }, { aud: { mqtt: true } }, 'deny'],
    [{ toString: 'x' }, {}, 'deny'],
  ] as const)('%j with %j: %s', async (verifyClaims, claims, expected) => {
    const verdict = await judge(claims, { verifyClaims }, bearer({ clientId: 'device-7' }));
    expect(reasonOf(verdict)).toBe(expected === 'allow' ? 'allow' : 'deny JWT_CLAIM_MISMATCH');
  });

  test('a name that the client has not, or that the server made up, matches nothing', async () => {
    const nameless = bearer({ username: undefined });
    expect(reasonOf(await judge({ sub: '' }, { verifyClaims: { sub: '%u' } }, nameless))).toMatch(/^deny/);
    const assigned = bearer({ clientId: 'auto-1', clientIdAssigned: true });
    expect(reasonOf(await judge({ sub: 'auto-1' }, { verifyClaims: { sub: '%c' } }, assigned))).toMatch(
      /^deny/,
    );
    const inUsername = bearer({ username: 'a.b.c' });
    const differs = { from: 'username', verifyClaims: { sub: '%u' } } as const;
    expect(reasonOf(await judge({ sub: 'a.b.c' }, differs, inUsername))).toMatch(/^deny/);
  });

  test('a name that looks like a placeholder is not one', async () => {
    const attempt = bearer({ username: '%c', clientId: 'victim' });
    expect(reasonOf(await judge({ sub: 'victim' }, { verifyClaims: { sub: '%u' } }, attempt))).toMatch(
      /^deny/,
    );
    expect(reasonOf(await judge({ sub: '%c' }, { verifyClaims: { sub: '%u' } }, attempt))).toBe('allow');
  });

  test('the first that does not match is told, with what was found', async () => {
    expect(detailOf(await judge({ sub: 'pump-8' }, { verifyClaims: { sub: '%u' } }))).toMatchObject({
      claim: 'sub',
      expected: '%u',
      found: 'pump-8',
    });
  });
});

describe('what the token gives', () => {
  test('nothing in it: everything outside $, no superuser', async () => {
    expect(grantOf(await judge({}))).toMatchObject({
      superuser: false,
      rules: [{ permission: 'allow', action: 'all', topic: '#' }],
      credentialId: undefined,
      bindsClientId: false,
      rehash: false,
      anonymous: false,
    });
  });

  test('the superuser claim counts only when it is configured and exactly true', async () => {
    const option = { superuserClaim: 'is_superuser' };
    expect(grantOf(await judge({ is_superuser: true }, option)).superuser).toBe(true);
    expect(grantOf(await judge({ is_superuser: true })).superuser).toBe(false);
    for (const value of ['true', 1, false, null, {}]) {
      expect(grantOf(await judge({ is_superuser: value }, option)).superuser).toBe(false);
    }
    expect(grantOf(await judge({}, option)).superuser).toBe(false);
  });

  test('the principal is whom the token names; an unproved name has a namespace of its own', async () => {
    const principal = async (claims: Claims, attempt = bearer()) =>
      grantOf(await judge(claims, {}, attempt)).principal;
    expect(await principal({ sub: 'alice' })).toEqual({ namespace: 'tokens', subject: 'alice' });
    for (const sub of [undefined, '', 7, 'x'.repeat(1_025)]) {
      expect(await principal({ sub })).toEqual({ namespace: 'tokens:username', subject: 'pump-7' });
    }
    const nameless = bearer({ username: undefined, clientId: 'device-7' });
    expect(await principal({}, nameless)).toEqual({ namespace: 'tokens:clientid', subject: 'device-7' });
    const inUsername = await judge({}, { from: 'username' }, bearer({ username: 'a.b.c', clientId: 'd' }));
    expect(grantOf(inUsername).principal).toEqual({ namespace: 'tokens:clientid', subject: 'd' });
  });

  test('a grant and its detail never hold the token', async () => {
    const verdict = await judge({}, { from: 'username' }, bearer({ username: 'eyJ.secret.token' }));
    expect(JSON.stringify(verdict)).not.toContain('secret');
  });
});

describe('the acl claim', () => {
  test('its rules are the client’s', async () => {
    const grant = grantOf(await judge({ acl: { pub: ['a/%u'] } }));
    expect(grant.rules).toEqual([{ permission: 'allow', action: 'publish', topic: 'a/%u' }]);
  });

  test('another claim can carry them, or none', async () => {
    expect(grantOf(await judge({ rules: [] }, { aclClaim: 'rules' })).rules).toEqual([]);
    expect(grantOf(await judge({ acl: [] }, { aclClaim: '' })).rules).toHaveLength(1);
  });

  test('a token without it has the rules of the settings; one with it never has', async () => {
    const rules = [{ permission: 'allow', action: 'subscribe', topic: 'news/#' }] as const;
    expect(grantOf(await judge({}, { rules })).rules).toEqual(rules);
    expect(grantOf(await judge({ acl: [] }, { rules })).rules).toEqual([]);
    expect(grantOf(await judge({ acl: [] }, { rules, aclClaim: '' })).rules).toEqual(rules);
    expect(grantOf(await judge({}, { rules: [] })).rules).toEqual([]);
  });

  test('one that cannot be read refuses the token and is told', async () => {
    const verdict = await judge({ acl: 'all' });
    expect(reasonOf(verdict)).toBe('deny JWT_CLAIM_MISMATCH');
    expect(detailOf(verdict)).toMatchObject({ claim: 'acl' });
  });
});

describe('the guessing budget', () => {
  const bad: TokenVerification = { result: 'signature-invalid', alg: 'HS256', kid: undefined, keysTried: 1 };

  test('what is known at once costs no guess', async () => {
    for (const answer of [bad, verified({}), { result: 'malformed', problem: 'x' } as const]) {
      const { jwt, told } = house(answer, {}, true);
      await jwt.check(bearer());
      expect(told).toEqual([]);
    }
  });

  test('a forged token is a failed guess; of a token in the username the client ID’s', async () => {
    const inPassword = house(bad);
    await inPassword.jwt.check(bearer());
    expect(inPassword.told.at(-1)).toEqual(['failed', undefined, undefined]);
    const inUsername = house(bad, { from: 'username' });
    await inUsername.jwt.check(bearer({ username: 'a.b.c', clientId: 'device-7' }));
    expect(inUsername.told.at(-1)).toEqual(['failed', [{ by: 'clientId', value: 'device-7' }], undefined]);
  });

  test.each([
    ['nothing is bound', {}, undefined],
    ['the username is bound', { sub: '%u' }, { by: 'username', value: 'pump-7' }],
    ['the client ID is bound, and a username is sent that is not', { sub: '%c' }, undefined],
  ] as const)(
    'a good token forgives only the name that it proves: %s',
    async (_what, verifyClaims, proved) => {
      const { jwt, told } = house(verified({ sub: 'pump-7' }), { verifyClaims });
      await jwt.check(bearer({ clientId: 'pump-7' }));
      expect(told.at(-1)).toEqual([proved === undefined ? 'released' : 'succeeded', undefined, proved]);
    },
  );

  test('a client without a username proves its client ID', async () => {
    const { jwt, told } = house(verified({ sub: 'device-7' }), { verifyClaims: { sub: '${clientid}' } });
    await jwt.check(bearer({ username: undefined, clientId: 'device-7' }));
    expect(told.at(-1)).toEqual(['succeeded', undefined, { by: 'clientId', value: 'device-7' }]);
    const unbound = house(verified({}));
    await unbound.jwt.check(bearer({ username: undefined }));
    expect(unbound.told.at(-1)?.[0]).toBe('released');
  });

  test('a genuine token that has expired is no guess', async () => {
    const { jwt, told } = house(verified({ exp: 1 }));
    await jwt.check(bearer());
    expect(told.at(-1)?.[0]).toBe('released');
  });

  test('who is over budget is refused without work, and who waits for others is busy', async () => {
    const budget = (answer: ReturnType<JwtOptions['budget']['admit']>) => ({
      admit: () => answer,
      failed: () => undefined,
      succeeded: () => undefined,
      released: () => undefined,
    });
    const refused = budget({ result: 'refused', until: 0, failures: 9 });
    expect(reasonOf(await house(bad, { budget: refused }).jwt.check(bearer()))).toBe(
      'deny TOO_MANY_FAILURES',
    );
    expect(await house(bad, { budget: budget({ result: 'busy' }) }).jwt.check(bearer())).toEqual({
      outcome: 'busy',
    });
  });

  test('a verifier that breaks gives the guess back', async () => {
    const { jwt, told } = house(bad, {
      verifier: { peek: () => undefined, verify: () => Promise.reject(new Error('broken')) },
    });
    await expect(jwt.check(bearer())).rejects.toThrow('broken');
    expect(told.at(-1)?.[0]).toBe('released');
  });
});
