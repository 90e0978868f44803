import { manualClock, type ManualClock } from '@gatehouse/auth-core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTokenVerifier } from '../src/jwt.ts';
import { publicKeys } from '../src/jwt-keys.ts';
import { Jwks, JWKS_BYTES_MAX, JWKS_REFETCH_MS_MIN } from '../src/jwks.ts';
import { createOutboundClient, type OutboundClient } from '../src/outbound-client.ts';
import { createOutboundPolicy } from '../src/outbound.ts';
import { answer, closedPort, type HttpServer, startHttpServer } from './support/http-server.ts';
import { ecPair, edPair, type Pair, rsaPair, tokenOf } from './support/tokens.ts';

const REFRESH_MS = 300_000;
const OLD = rsaPair();
const NEW = ecPair('prime256v1');
const setOf = (...keys: readonly (readonly [string, Pair, object?])[]): string =>
  JSON.stringify({ keys: keys.map(([kid, { jwk }, more]) => ({ ...jwk, kid, ...more })) });

let server: HttpServer;
let clock: ManualClock;
let open: { readonly jwks: Jwks; readonly client: OutboundClient }[];

beforeEach(async () => {
  server = await startHttpServer();
  clock = manualClock();
  open = [];
});
afterEach(async () => {
  for (const { jwks, client } of open) {
    jwks.close();
    await client.close();
  }
  await server.close();
});

/** A key set behind a URL, and a verifier that goes by it. */
function issuer(url = server.url, pems = '', withinMs = 2_000) {
  const client = createOutboundClient({
    url: `${url}/jwks.json`,
    policy: createOutboundPolicy({ allow: [], deny: [] }),
    connectionsMax: 1,
    connectTimeoutMs: 1_000,
    bodyBytesMax: JWKS_BYTES_MAX,
    tls: undefined,
  });
  const jwks = new Jwks({
    fetch: () => client.ask({ method: 'GET' }, withinMs),
    clock,
    refreshMs: REFRESH_MS,
  });
  open.push({ jwks, client });
  const keys = pems === '' ? [] : (publicKeys(pems).keys ?? []);
  const verifier = createTokenVerifier({ keys, jwks, algorithms: [], clock });
  return { jwks, verifier };
}

const oldToken = tokenOf('RS256', OLD.privateKey, { sub: 'a' }, { kid: 'old' });
const newToken = tokenOf('ES256', NEW.privateKey, { sub: 'b' }, { kid: 'new' });

describe('a key set', () => {
  test('is fetched at once, and verifies tokens by the key that they name', async () => {
    server.answerWith(answer(200, setOf(['old', OLD], ['new', NEW])));
    const { verifier, jwks } = issuer();
    expect(await verifier.verify(oldToken)).toMatchObject({ result: 'verified', kid: 'old' });
    expect(await verifier.verify(newToken)).toMatchObject({ result: 'verified', kid: 'new' });
    expect(server.seen).toHaveLength(1);
    expect(jwks.state()).toMatchObject({ loaded: true, kids: ['old', 'new'], problem: undefined });
  });

  test('a key that comes with a rotation is found without waiting for the next refresh', async () => {
    server.answerWith(answer(200, setOf(['old', OLD])));
    const { verifier } = issuer();
    await verifier.verify(oldToken);
    server.answerWith(answer(200, setOf(['new', NEW])));
    clock.advance(JWKS_REFETCH_MS_MIN);
    expect((await verifier.verify(newToken)).result).toBe('verified');
    expect(verifier.peek(oldToken)).toMatchObject({ result: 'no-key' });
  });

  test('a hundred tokens with unknown keys bring about one fetch, and none until the pause is over', async () => {
    server.answerWith(answer(200, setOf(['old', OLD])));
    const { verifier } = issuer();
    await verifier.verify(oldToken);
    clock.advance(JWKS_REFETCH_MS_MIN);
    const strangers = Array.from({ length: 100 }, (_, index) =>
      tokenOf('RS256', OLD.privateKey, {}, { kid: `unknown-${index}` }),
    );
    const answers = await Promise.all(strangers.map(async (token) => verifier.verify(token)));
    expect(answers.every(({ result }) => result === 'no-key')).toBe(true);
    expect(server.seen).toHaveLength(2);
    for (const token of strangers) expect(verifier.peek(token)).toMatchObject({ result: 'no-key' });
    clock.advance(JWKS_REFETCH_MS_MIN - 1);
    await Promise.all(strangers.map(async (token) => verifier.verify(token)));
    expect(server.seen).toHaveLength(2);
  });

  test('is fetched again by itself, and a key that was taken out is gone, remembered tokens included', async () => {
    server.answerWith(answer(200, setOf(['old', OLD], ['new', NEW])));
    const { verifier, jwks } = issuer();
    await verifier.verify(oldToken);
    expect(verifier.peek(oldToken)).toMatchObject({ result: 'verified' });
    server.answerWith(answer(200, setOf(['new', NEW])));
    clock.advance(REFRESH_MS);
    await jwks.refresh();
    expect(verifier.peek(oldToken)?.result).not.toBe('verified');
    expect((await verifier.verify(oldToken)).result).toBe('no-key');
  });

  test('the same set again leaves what is remembered', async () => {
    server.answerWith(answer(200, setOf(['old', OLD])));
    const { verifier, jwks } = issuer();
    await verifier.verify(oldToken);
    clock.advance(REFRESH_MS);
    await jwks.refresh();
    expect(verifier.peek(oldToken)).toMatchObject({ result: 'verified' });
  });
});

describe('a key set that fails', () => {
  const failures: readonly (readonly [string, Parameters<HttpServer['answerWith']>[0]])[] = [
    ['an error', answer(500)],
    ['a redirect, which is not followed', answer(302, '', { location: '/elsewhere' })],
    ['no JSON', answer(200, '<html>login</html>')],
    ['JSON that is no set', answer(200, '{"keys":{}}')],
    ['more than what is read', answer(200, JSON.stringify({ keys: [], pad: 'x'.repeat(JWKS_BYTES_MAX) }))],
    [
      'more keys than any issuer has',
      answer(200, JSON.stringify({ keys: Array.from({ length: 300 }, () => ({})) })),
    ],
    ['a connection that is cut', (_seen, response) => response.destroy()],
  ];

  test.each(failures)('keeps the set before: %s', async (_what, failure) => {
    server.answerWith(answer(200, setOf(['old', OLD])));
    const { verifier, jwks } = issuer();
    await verifier.verify(oldToken);
    server.answerWith(failure);
    clock.advance(REFRESH_MS);
    await jwks.refresh();
    expect(jwks.state()).toMatchObject({ loaded: true, kids: ['old'] });
    expect(jwks.state().problem).toBeTypeOf('string');
    expect(verifier.peek(oldToken)).toMatchObject({ result: 'verified' });
  });

  test.each(failures)(
    'says that the keys are unavailable where there never was one: %s',
    async (_what, failure) => {
      server.answerWith(failure);
      const { verifier } = issuer();
      expect((await verifier.verify(oldToken)).result).toBe('keys-unavailable');
    },
  );

  test('a server that does not answer costs a bounded time, and one fetch for all who wait', async () => {
    server.answerWith(() => undefined);
    const { verifier } = issuer(server.url, '', 100);
    const answers = await Promise.all(
      [oldToken, newToken, oldToken].map(async (token) => verifier.verify(token)),
    );
    expect(answers.map(({ result }) => result)).toEqual(Array(3).fill('keys-unavailable'));
    expect(server.seen).toHaveLength(1);
    expect(verifier.peek(oldToken)).toMatchObject({ result: 'keys-unavailable' });
  });

  test('where nobody listens, that is told', async () => {
    const port = await closedPort();
    const { verifier } = issuer(`http://127.0.0.1:${port}`);
    expect(await verifier.verify(oldToken)).toEqual({
      result: 'keys-unavailable',
      problem: `ECONNREFUSED at 127.0.0.1:${port}`,
    });
  });

  test('after a failure it is tried again by itself', async () => {
    server.answerWith(answer(503));
    const { verifier, jwks } = issuer();
    await verifier.verify(oldToken);
    server.answerWith(answer(200, setOf(['old', OLD])));
    clock.advance(30_000);
    await jwks.refresh();
    expect((await verifier.verify(oldToken)).result).toBe('verified');
  });

  test('keys of the settings serve meanwhile, and only what they do not verify is an error', async () => {
    server.answerWith(answer(500));
    const { verifier } = issuer(server.url, OLD.publicPem);
    expect((await verifier.verify(oldToken)).result).toBe('verified');
    const foreign = tokenOf('RS256', rsaPair().privateKey, {}, { kid: 'new' });
    expect((await verifier.verify(foreign)).result).toBe('keys-unavailable');
  });
});

describe('which key is asked', () => {
  test('a token that names a key is tried with that key alone once a set is there', async () => {
    server.answerWith(answer(200, setOf(['new', NEW])));
    const { verifier } = issuer(server.url, OLD.publicPem);
    expect((await verifier.verify(oldToken)).result).toBe('no-key');
  });

  test('a token that names none is tried with the keys of the settings', async () => {
    server.answerWith(answer(200, setOf(['old', OLD])));
    const nameless = tokenOf('RS256', OLD.privateKey);
    expect((await issuer(server.url, OLD.publicPem).verifier.verify(nameless)).result).toBe('verified');
    expect((await issuer().verifier.verify(nameless)).result).toBe('no-key');
  });

  test('members for encryption, of another algorithm, short, secret or nameless are passed over', async () => {
    const short = rsaPair(1_024);
    const secret = { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url'), kid: 'secret' };
    const keys = [
      { ...OLD.jwk, kid: 'enc', use: 'enc' },
      { ...OLD.jwk, kid: 'ops', key_ops: ['sign'] },
      { ...OLD.jwk, kid: 'alg', alg: 'ES256' },
      { ...short.jwk, kid: 'short' },
      { ...OLD.jwk },
      secret,
      null,
      { ...edPair().jwk, kid: 'good', use: 'sig', key_ops: ['verify'] },
    ];
    server.answerWith(answer(200, JSON.stringify({ keys })));
    const { verifier, jwks } = issuer();
    const forged = tokenOf('HS256', Buffer.alloc(32, 7), { sub: 'admin' }, { kid: 'secret' });
    expect((await verifier.verify(forged)).result).toBe('no-key');
    expect(jwks.state()).toMatchObject({ kids: ['good'], skipped: 7 });
  });

  test('a token cannot take a public key of the set for the secret of an HMAC', async () => {
    server.answerWith(answer(200, setOf(['old', OLD])));
    const { verifier } = issuer();
    const forged = tokenOf('HS256', Buffer.from(OLD.publicPem), { sub: 'admin' }, { kid: 'old' });
    expect((await verifier.verify(forged)).result).toBe('no-key');
  });
});
