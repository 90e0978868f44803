import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attemptOf, passwordOf } from '@gatehouse/auth-core/testing';
import { JWT_ALGORITHMS } from '@gatehouse/connectors';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { authenticatorOf, needsOf, problemsOf } from '../support/authenticator-needs.ts';
import { authenticatorIn, configOf, guidePage, withFiles } from '../support/guide-page.ts';

const SECRET = 'x'.repeat(32);
const { needs, close } = needsOf();
afterAll(close);

const jwt = (settings: Readonly<Record<string, unknown>>) => problemsOf({ type: 'jwt', ...settings });
const KEYS = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const PUBLIC = String(KEYS.publicKey.export({ type: 'spki', format: 'pem' }));

describe('settings', () => {
  test('one source of keys is enough, whichever', async () => {
    expect(jwt({ secret: SECRET })).toEqual({});
    expect(jwt({ public_key: PUBLIC })).toEqual({});
    expect(jwt({ jwks_url: 'https://id.example.com/jwks.json' })).toEqual({});
    await withFiles({ 'key.pem': PUBLIC }, (pathOf) => {
      expect(jwt({ public_key: pathOf('key.pem') })).toEqual({});
    });
    expect(jwt({})['']).toMatch(/secret, public_key or jwks_url/);
  });

  test('exactly the algorithms that can be verified may be named', () => {
    for (const algorithm of JWT_ALGORITHMS)
      expect(jwt({ secret: SECRET, algorithms: [algorithm] })).toEqual({});
    expect(jwt({ secret: SECRET, algorithms: JWT_ALGORITHMS })).toEqual({});
    for (const algorithm of ['none', 'hs256', 'HS1', 'RSA-OAEP', '']) {
      expect(jwt({ secret: SECRET, algorithms: [algorithm] })).toHaveProperty(['algorithms.0']);
    }
  });

  test('a short secret is refused with the way out, and never repeated', () => {
    const told = jwt({ secret: 'emqxsecret' })['secret'];
    expect(told).toMatch(/10 bytes.*weak_secret: true/);
    expect(told).not.toContain('emqxsecret');
    expect(jwt({ secret: 'emqxsecret', weak_secret: true })).toEqual({});
    expect(jwt({ secret: 'not base64!', secret_base64: true, weak_secret: true })['secret']).toMatch(
      /base64/,
    );
  });

  test('keys that cannot be used are refused in words', () => {
    const privateKey = String(KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(jwt({ public_key: privateKey })['public_key']).toMatch(/private key/);
    expect(jwt({ public_key: '/no/such/file.pem' })['public_key']).toMatch(/ENOENT/);
  });

  test.each([
    ['http://user:password@id.example.com/jwks.json'],
    ['ftp://id.example.com/jwks.json'],
    ['file:///etc/passwd'],
    ['id.example.com'],
  ])('%s is no address of a key set', (url) => {
    expect(jwt({ jwks_url: url })).toHaveProperty('jwks_url');
  });

  test('claims are checked against names that are known, and not against a username that is the token', () => {
    expect(jwt({ secret: SECRET, verify_claims: { sub: '${cn}' } })).toHaveProperty(['verify_claims.sub']);
    expect(jwt({ secret: SECRET, from: 'username', verify_claims: { sub: '%u' } })).toHaveProperty([
      'verify_claims.sub',
    ]);
    expect(jwt({ secret: SECRET, from: 'username', verify_claims: { sub: '%c', level: 3 } })).toEqual({});
  });

  test('rules are about topic filters', () => {
    const rules = [{ permission: 'allow', action: 'all', topic: 'a/#/b' }];
    expect(jwt({ secret: SECRET, rules })['rules.0.topic']).toMatch(/a topic filter/);
  });

  test('files of TLS that cannot be read, and certificates that are none, are told', () => {
    expect(jwt({ secret: SECRET, tls: { ca: '/no/such/ca.pem' } })['tls.ca']).toMatch(/ENOENT/);
    expect(jwt({ secret: SECRET, tls: { ca: PUBLIC } })['tls.ca']).toMatch(/no certificate/);
  });
});

describe('the guide', () => {
  const page = guidePage('authentication/jwt.md');

  test('its example admits the tokens that its script makes, with the rules in them, and no others', async () => {
    const [yaml = ''] = page.blocks('yaml');
    const [script = ''] = page.blocks('js');
    const settings = await authenticatorIn(yaml, 'tokens', { secret: z.string() });
    const token = await withFiles({ 'token.mjs': script }, (pathOf) =>
      execFileSync(process.execPath, [pathOf('token.mjs'), settings.secret, 'pump-7'], {
        encoding: 'utf8',
      }).trim(),
    );
    const running = authenticatorOf('tokens', settings, needs);
    const check = (username: string, password: string) =>
      running.authenticator.check(attemptOf({ username, password: passwordOf(password) }));
    expect(await check('pump-7', token)).toMatchObject({
      outcome: 'allow',
      grant: { rules: [{ permission: 'allow', action: 'all', topic: 'devices/pump-7/#' }] },
    });
    expect(await check('pump-8', token)).toMatchObject({ outcome: 'deny', reason: 'JWT_CLAIM_MISMATCH' });
    expect(await check('pump-7', `${token.slice(0, -4)}AAAA`)).toMatchObject({
      reason: 'JWT_SIGNATURE_INVALID',
    });
    await running.close();
  });

  test('its example with a key set is accepted', async () => {
    const [, yaml = ''] = page.blocks('yaml');
    await expect(configOf(yaml)).resolves.toBeDefined();
  });

  test('its rules are rules', () => {
    const blocks = page.blocks('json').map((block): unknown => JSON.parse(block));
    expect(blocks).toHaveLength(2);
  });
});

test('an authenticator with a key set says how the set is, and lets go of it', async () => {
  const jwk = { ...KEYS.publicKey.export({ format: 'jwk' }), kid: 'k1' };
  const issuer = createServer(({ headers }, response) => {
    const isKnown = headers.authorization === 'Bearer reads-keys' && headers.accept === 'application/json';
    response.writeHead(isKnown ? 200 : 401).end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`;
  const rules = [{ permission: 'allow', action: 'all', topic: 'a/#' }] as const;
  const settings: { readonly type: string } = Object.assign(
    { type: 'jwt' },
    { jwks_url: url, jwks_headers: { authorization: 'Bearer reads-keys' }, rules },
  );
  const running = authenticatorOf('tokens', settings, needs);
  expect(await running.probe?.()).toMatchObject({ ok: true });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'ES256', kid: 'k1' })}.${part({ sub: 'a' })}`;
  const signature = sign('sha256', Buffer.from(input), { key: KEYS.privateKey, dsaEncoding: 'ieee-p1363' });
  const attempt = attemptOf({ password: passwordOf(`${input}.${signature.toString('base64url')}`) });
  expect(await running.rehearsal.check(attempt)).toMatchObject({ outcome: 'allow', grant: { rules } });
  const explained = await running.explain?.(attempt);
  expect(explained).toMatchObject({ keySetKids: ['k1'], keySetSkipped: 0 });
  expect(JSON.stringify(explained)).not.toContain(signature.toString('base64url'));
  await running.close();
  issuer.closeAllConnections();
  issuer.close();
});

test('a key set is fetched where the outbound policy lets it, and nowhere else', async () => {
  let asked = 0;
  const issuer = createServer((_request, response) => {
    asked += 1;
    response.end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const { port } = issuer.address() as AddressInfo;
  const probed = async (jwks_url: string, differs: Parameters<typeof needsOf>[0] = {}) => {
    const special = needsOf(differs);
    const settings: { readonly type: string } = Object.assign({ type: 'jwt' }, { jwks_url });
    const running = authenticatorOf('tokens', settings, special.needs);
    const probe = await running.probe?.();
    await running.close();
    await special.close();
    return probe;
  };
  const refused = (why: string) => ({ ok: false, problem: expect.stringContaining(why) as unknown });
  const here = `http://127.0.0.1:${port}/jwks.json`;
  expect(await probed('http://169.254.169.254/jwks.json')).toEqual(refused('metadata address'));
  expect(await probed(here, { outbound: { allow: [], deny: ['127.0.0.0/8'] } })).toEqual(
    refused('outbound.deny'),
  );
  expect(await probed(here, { ownPorts: () => [port] })).toEqual(refused('own API or console'));
  expect(asked).toBe(0);
  issuer.close();
});

test('a file that is gone when the authenticator is made leaves one that fails closed', async () => {
  const { rmSync } = await import('node:fs');
  const { readAuthenticator } = await import('../../src/data/authenticators/kinds.ts');
  await withFiles({ 'key.pem': PUBLIC }, async (pathOf) => {
    const raw: { type: string } = Object.assign({ type: 'jwt' }, { public_key: pathOf('key.pem') });
    const read = readAuthenticator(raw);
    rmSync(pathOf('key.pem'));
    if ('problems' in read) throw new Error('the settings were good');
    const running = read.create('tokens', needs);
    expect(await running.authenticator.check(attemptOf())).toMatchObject({ outcome: 'error' });
    await running.close();
  });
});
