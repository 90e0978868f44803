import {
  createHttp,
  Secret,
  type Attempt,
  type HttpEndpoint,
  type HttpOptions,
  type Verdict,
} from '@gatehouse/auth-core';
import { attemptOf, passwordOf } from '@gatehouse/auth-core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpService, type HttpServiceOptions, type RunningHttpService } from '../src/http.ts';
import { createOutboundPolicy } from '../src/outbound.ts';
import { makeAuthority } from './support/authority.ts';
import { answer, closedPort, type HttpServer, startHttpServer } from './support/http-server.ts';
import { brief, countingBudget } from './support/world.ts';

const PARAMS = { clientid: '%c', username: '%u', password: '%P' };
const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const client = attemptOf({ username: 'pump-7', password: passwordOf('right') });

let server: HttpServer;
let services: RunningHttpService[];
beforeEach(async () => {
  server = await startHttpServer();
  services = [];
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.close()));
  await server.close();
});

function serviceAt(url: string, differs: Partial<HttpServiceOptions> = {}): RunningHttpService {
  const service = createHttpService({
    url,
    headers: { authorization: 'Bearer service-secret' },
    policy: createOutboundPolicy({ allow: [], deny: [] }),
    connectionsMax: 4,
    connectTimeoutMs: 500,
    bodyBytesMax: 1_000,
    tls: undefined,
    ...differs,
  });
  services.push(service);
  return service;
}

interface Setup {
  readonly url?: string;
  readonly endpoint?: Partial<HttpEndpoint>;
  readonly service?: Partial<HttpServiceOptions>;
  readonly options?: Partial<HttpOptions>;
}

const endpointAt = (url: string, { endpoint = {}, service = {} }: Setup): HttpEndpoint => ({
  service: serviceAt(url, service),
  form: 'form',
  params: PARAMS,
  absent: 'null',
  ...endpoint,
});

const authenticator = (setup: Setup = {}) =>
  createHttp({
    name: 'service',
    endpoint: endpointAt(setup.url ?? `${server.url}/mqtt/auth`, setup),
    superuser: undefined,
    contract: 'status',
    answerMsMax: 1_000,
    budget: countingBudget(),
    clock,
    ...setup.options,
  });

const ask = (setup: Setup = {}, attempt: Attempt = client): Promise<Verdict> =>
  Promise.resolve(authenticator(setup).check(attempt));

const detailOf = (verdict: Verdict) => ('detail' in verdict ? verdict.detail : undefined);

describe('what is sent', () => {
  const hostile = 'a&admin=true\r\nx-admin: 1\r\n\r\nGET / HTTP/1.1=é😀%00+ ;#?/"\\';
  const attempt = attemptOf({ clientId: hostile, username: hostile, password: passwordOf(`${hostile}\0`) });

  test.each(['form', 'query', 'json'] as const)(
    'names and passwords of any characters arrive as they are and end nothing: %s',
    async (form) => {
      await ask({ endpoint: { form } }, attempt);
      expect(server.seen).toHaveLength(1);
      const { body, url, rawHeaders } = server.seen[0]!;
      const params = new URLSearchParams(form === 'query' ? (url.split('?')[1] ?? '') : body.toString());
      const got: unknown =
        form === 'json' ? JSON.parse(body.toString()) : Object.fromEntries(params.entries());
      expect(got).toEqual({ clientid: hostile, username: hostile, password: `${hostile}\0` });
      expect(rawHeaders.join('\n')).not.toMatch(/x-admin/i);
    },
  );

  test('a name that looks like a placeholder stays a name', async () => {
    await ask(
      { endpoint: { form: 'json' } },
      attemptOf({ clientId: '%P', username: '${password}', password: passwordOf('secret') }),
    );
    expect(JSON.parse(server.seen[0]!.body.toString())).toMatchObject({
      clientid: '%P',
      username: '${password}',
    });
  });

  test('the bytes of a password that is no text arrive in a form, and are refused for JSON without asking', async () => {
    const attemptWithBytes = attemptOf({ password: new Secret(Uint8Array.of(0xff, 0x00, 0x26)) });
    await ask({}, attemptWithBytes);
    expect(server.seen[0]!.body.toString()).toContain('password=%FF%00%26');
    expect(brief(await ask({ endpoint: { form: 'json' } }, attemptWithBytes))).toBe('deny HTTP_DENIED');
    expect(server.seen).toHaveLength(1);
  });

  test('every placeholder of EMQX 4.3 and 5 has its value, a certificate’s only when it verified', async () => {
    const params = {
      u: '%u',
      c: '%c',
      a: '%a',
      r: '%r',
      P: '%P',
      p: '%p',
      C: '%C',
      d: '%d',
      l: '${listener}',
      n: 7,
      t: true,
      x: 'fixed',
    };
    const certificate = {
      subject: 'CN=pump-7,O=Water',
      issuer: 'CN=CA',
      commonName: 'pump-7',
      fingerprint: '00',
      serialNumber: '1',
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
    };
    const tls = {
      version: 'TLSv1.3',
      cipher: 'x',
      serverName: undefined,
      certificate,
      pskIdentity: undefined,
    };
    const verified = { ...client, tls: { ...tls, verification: { verified: true } as const } };
    await ask({ endpoint: { form: 'json', params } }, verified);
    await ask({ endpoint: { form: 'json', params } }, { ...client, tls });
    const [first, second] = server.seen.map(
      ({ body }) => JSON.parse(body.toString()) as Record<string, unknown>,
    );
    expect(first).toEqual({
      ...{ u: 'pump-7', c: 'pump-7', a: '203.0.113.7', r: 'mqtt', P: 'right', p: 50_000 },
      ...{ C: 'pump-7', d: 'CN=pump-7,O=Water', l: 'tcp', n: 7, t: true, x: 'fixed' },
    });
    expect(second).toMatchObject({ C: null, d: null });
  });

  test('absent and empty are told apart: null or left out, and an empty text', async () => {
    const bare = attemptOf({ clientId: 'c' });
    await ask({}, bare);
    await ask({ endpoint: { absent: 'omit' } }, bare);
    await ask({ endpoint: { form: 'json' } }, bare);
    await ask({}, attemptOf({ clientId: 'c', password: passwordOf('') }));
    expect(server.seen.map(({ body }) => body.toString())).toEqual([
      'clientid=c&username=null&password=null',
      'clientid=c',
      '{"clientid":"c","username":null,"password":null}',
      'clientid=c&username=null&password=',
    ]);
  });

  test('headers of the settings go with every request, and the URL’s own query stays', async () => {
    await ask({ url: `${server.url}/auth?tenant=7`, endpoint: { form: 'query' } });
    const { url, headers, method } = server.seen[0]!;
    expect(method).toBe('GET');
    expect(url).toBe('/auth?tenant=7&clientid=pump-7&username=pump-7&password=right');
    expect(headers.authorization).toBe('Bearer service-secret');
    expect(headers['content-type']).toBeUndefined();
  });
});

describe('the contract of EMQX 4.3', () => {
  test.each([
    [200, 'allow'],
    [201, 'error HTTP_BAD_RESPONSE'],
    [204, 'error HTTP_BAD_RESPONSE'],
    [301, 'error HTTP_BAD_RESPONSE'],
    [302, 'error HTTP_BAD_RESPONSE'],
    [400, 'deny HTTP_DENIED'],
    [401, 'deny HTTP_DENIED'],
    [403, 'deny HTTP_DENIED'],
    [404, 'error HTTP_BAD_RESPONSE'],
    [429, 'deny HTTP_DENIED'],
    [500, 'error HTTP_BAD_RESPONSE'],
    [502, 'error HTTP_BAD_RESPONSE'],
    [503, 'error HTTP_BAD_RESPONSE'],
    [504, 'error HTTP_TIMEOUT'],
  ])('status %i is %s, and the detail carries it', async (status, expected) => {
    server.answerWith(answer(status, '', { location: '/elsewhere' }));
    const verdict = await ask();
    expect(brief(verdict)).toBe(expected);
    expect(detailOf(verdict)).toMatchObject({ status });
    expect(server.seen).toHaveLength(1);
  });

  test('200 with exactly "ignore" passes the client on; anything near it admits', async () => {
    server.answerWith(answer(200, 'ignore'));
    expect(brief(await ask())).toBe('ignore HTTP_IGNORED');
    for (const body of ['ignored', ' ignore', '"ignore"', '', '{}', '<html>']) {
      server.answerWith(answer(200, body));
      expect(brief(await ask())).toBe('allow');
    }
  });

  test('a mountpoint is refused with words: it is not supported', async () => {
    server.answerWith(answer(200, '{"mountpoint":"tenant-7/"}'));
    const verdict = await ask();
    expect(brief(verdict)).toBe('error HTTP_BAD_RESPONSE');
    expect(detailOf(verdict)?.['problem']).toMatch(/mountpoint/);
  });

  test('the superuser request makes a superuser with 200 and none with any other status', async () => {
    const check = async (status: number): Promise<Verdict> => {
      server.answerWith((seen, response) => {
        response.writeHead(seen.url === '/mqtt/superuser' ? status : 200);
        response.end();
      });
      const superuser = endpointAt(`${server.url}/mqtt/superuser`, { endpoint: { params: { u: '%u' } } });
      return ask({ options: { superuser } });
    };
    expect(await check(200)).toMatchObject({ outcome: 'allow', grant: { superuser: true } });
    for (const status of [401, 404, 500]) {
      expect(await check(status)).toMatchObject({ outcome: 'allow', grant: { superuser: false } });
    }
  });

  test('a superuser request without an answer is an error: nobody gets in with less than is theirs', async () => {
    const superuser = endpointAt(`http://127.0.0.1:${await closedPort()}/`, {});
    expect(brief(await ask({ options: { superuser } }))).toBe('error HTTP_UNREACHABLE');
  });

  test('the superuser is not asked about who is not admitted', async () => {
    server.answerWith(answer(403));
    const superuser = endpointAt(`${server.url}/mqtt/superuser`, {});
    await ask({ options: { superuser } });
    expect(server.seen.map(({ url }) => url)).toEqual(['/mqtt/auth']);
  });
});

describe('the contract of EMQX 5', () => {
  const say = (body: unknown, status = 200) => {
    server.answerWith(answer(status, typeof body === 'string' ? body : JSON.stringify(body)));
    return ask({ options: { contract: 'json' } });
  };

  test('allow, deny, ignore and 204', async () => {
    expect(brief(await say({ result: 'allow' }))).toBe('allow');
    expect(brief(await say({ result: 'deny' }))).toBe('deny HTTP_DENIED');
    expect(brief(await say({ result: 'ignore' }))).toBe('ignore HTTP_IGNORED');
    expect(await say('', 204)).toMatchObject({
      outcome: 'allow',
      grant: { superuser: false, principal: { namespace: 'service', subject: 'pump-7' } },
    });
  });

  test('superuser, rules and expiry come with the answer', async () => {
    const acl = [{ permission: 'allow', action: 'publish', topic: 'devices/${clientid}/#' }];
    const expireAt = Math.floor(Date.now() / 1_000) + 60;
    expect(await say({ result: 'allow', is_superuser: true, acl, expire_at: expireAt })).toMatchObject({
      grant: { superuser: true, rules: acl, expiresAt: expireAt * 1_000 },
    });
  });

  test('an end that has passed admits nobody', async () => {
    expect(brief(await say({ result: 'allow', expire_at: 1_000 }))).toBe('deny HTTP_DENIED');
  });

  test.each([
    ['no JSON', '<html>login</html>'],
    ['nothing', ''],
    ['a list', '[]'],
    ['no result', '{}'],
    ['another result', '{"result":"maybe"}'],
    ['a result in another case', '{"result":"ALLOW"}'],
    ['a superuser that is neither true nor false', '{"result":"allow","is_superuser":"false"}'],
    ['rules that cannot be read', '{"result":"allow","acl":[{"permission":"allow"}]}'],
    ['an end that is no time', '{"result":"allow","expire_at":"tomorrow"}'],
    ['an end beyond all times', '{"result":"allow","expire_at":1e300}'],
  ])('%s is an unexpected answer and never admits', async (_what, body) => {
    expect(brief(await say(body))).toBe('error HTTP_BAD_RESPONSE');
  });

  test.each([201, 302, 401, 403, 404, 500, 503])(
    'status %i says nothing, whatever its body',
    async (status) => {
      expect(brief(await say({ result: 'allow' }, status))).toBe('error HTTP_BAD_RESPONSE');
    },
  );
});

describe('a service that cannot be asked', () => {
  test('nobody listens', async () => {
    const verdict = await ask({ url: `http://127.0.0.1:${await closedPort()}/` });
    expect(verdict).toMatchObject({
      outcome: 'error',
      reason: 'HTTP_UNREACHABLE',
      detail: { problem: 'ECONNREFUSED' },
    });
  });

  test('it does not answer, stops within the head, or within the body: the time is bounded', async () => {
    const silences: readonly Parameters<HttpServer['answerWith']>[0][] = [
      () => undefined,
      (_seen, response) => void response.socket?.write('HTTP/1.1 200 OK\r\nContent-'),
      (_seen, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.write('all');
      },
    ];
    for (const silence of silences) {
      server.answerWith(silence);
      expect(brief(await ask({ options: { answerMsMax: 100 } }))).toBe('error HTTP_TIMEOUT');
    }
  });

  test('it answers something that is no HTTP, or more than is read', async () => {
    server.answerWith((_seen, response) => void response.socket?.end('220 smtp.example ready\r\n'));
    expect(brief(await ask())).toBe('error HTTP_BAD_RESPONSE');
    server.answerWith(answer(200, 'x'.repeat(1_001)));
    expect(brief(await ask())).toBe('error HTTP_BAD_RESPONSE');
    server.answerWith(answer(200, '', { 'x-long': 'x'.repeat(15_000), 'x-longer': 'x'.repeat(15_000) }));
    expect(brief(await ask())).toBe('error HTTP_BAD_RESPONSE');
  });

  test('a refusal with a long page is still a refusal', async () => {
    server.answerWith(answer(403, 'x'.repeat(5_000)));
    expect(brief(await ask())).toBe('deny HTTP_DENIED');
  });

  test('a connection that it closed while idle is noticed, and the client gets its answer', async () => {
    const subject = authenticator();
    expect(brief(await subject.check(client))).toBe('allow');
    server.answerWith((_seen, response) => {
      if (server.seen.length === 2) response.socket?.destroy();
      else response.end();
    });
    expect(brief(await subject.check(client))).toBe('allow');
    expect(server.seen).toHaveLength(3);
  });

  test('the outbound policy refuses with words', async () => {
    const policy = createOutboundPolicy({ allow: [], deny: ['127.0.0.0/8'] });
    const verdict = await ask({ service: { policy } });
    expect(verdict).toMatchObject({ outcome: 'error', reason: 'HTTP_UNREACHABLE' });
    expect(detailOf(verdict)?.['problem']).toContain('127.0.0.1: outbound.deny');
    expect(server.connections()).toBe(0);
  });
});

describe('TLS', () => {
  const authority = makeAuthority();
  const tlsOf = (ca: string | undefined, verify = true) => ({
    tls: { ca, cert: undefined, key: undefined, verify, serverName: undefined },
  });
  let secure: HttpServer;
  beforeEach(async () => {
    secure = await startHttpServer(authority);
  });
  afterEach(() => secure.close());
  const askOver = (ca: string | undefined, verify = true, host = 'localhost') =>
    ask({ url: `https://${host}:${secure.port}/`, service: tlsOf(ca, verify) });

  test('a service whose certificate leads to the configured CA is asked', async () => {
    expect(brief(await askOver(authority.ca))).toBe('allow');
  });

  test('another CA, or the system’s, is not enough: nothing is sent', async () => {
    for (const ca of [makeAuthority().ca, undefined]) {
      expect(brief(await askOver(ca))).toBe('error HTTP_UNREACHABLE');
    }
    expect(secure.seen).toHaveLength(0);
  });

  test('a certificate for another name is not enough, unless it is the name that is asked for', async () => {
    const other = makeAuthority('DNS:auth.example');
    const named = await startHttpServer(other);
    const url = `https://localhost:${named.port}/`;
    expect(brief(await ask({ url, service: tlsOf(other.ca) }))).toBe('error HTTP_UNREACHABLE');
    const asked = { tls: { ...tlsOf(other.ca).tls, serverName: 'auth.example' } };
    expect(brief(await ask({ url, service: asked }))).toBe('allow');
    await named.close();
  });

  test('without verification anybody may answer', async () => {
    expect(brief(await askOver(undefined, false))).toBe('allow');
  });
});

describe('what is told to nobody', () => {
  test('neither the password nor a header is in any verdict, whatever the service repeats', async () => {
    const secret = 'pa55word-of-pump-7';
    const attempt = { ...client, password: passwordOf(secret) };
    for (const status of [200, 302, 401, 500]) {
      server.answerWith(answer(status, `you sent ${secret}`, { 'content-type': 'text/plain' }));
      for (const contract of ['status', 'json'] as const) {
        const told = JSON.stringify(await ask({ options: { contract } }, attempt));
        expect(told).not.toContain(secret);
        expect(told).not.toContain('service-secret');
      }
    }
  });
});

describe('the guessing budget', () => {
  test('a "no" is a failed guess, a "yes" is none, and what the service does not know gives the guess back', async () => {
    const budget = countingBudget();
    for (const [status, body] of [
      [200, ''],
      [401, ''],
      [200, 'ignore'],
      [500, ''],
    ] as const) {
      server.answerWith(answer(status, body));
      await ask({ options: { budget } });
    }
    expect(budget.told).toEqual({ admitted: 4, succeeded: 1, failed: 1, released: 2 });
  });

  test('who is over budget is refused without asking the service', async () => {
    const budget = {
      ...countingBudget(),
      admit: () => ({ result: 'refused', until: 0, failures: 9 }) as const,
    };
    expect(brief(await ask({ options: { budget } }))).toBe('deny TOO_MANY_FAILURES');
    expect(server.seen).toHaveLength(0);
  });
});

test('forty requests share the four connections there may be', async () => {
  const service = serviceAt(server.url);
  for (let round = 0; round < 2; round += 1) {
    await Promise.all(Array.from({ length: 20 }, () => service.ask({ query: '', body: undefined }, 2_000)));
  }
  expect(server.seen).toHaveLength(40);
  expect(server.connections()).toBe(4);
  expect(service.pool()).toMatchObject({ open: 4, waiting: 0, max: 4 });
});

test('the probe reaches the service and asks about nobody', async () => {
  const service = serviceAt(server.url);
  expect(await service.probe(1_000)).toMatchObject({ ok: true });
  expect(server.seen).toHaveLength(1);
  expect(server.seen[0]).toMatchObject({ method: 'HEAD', url: '/' });
  const nobody = serviceAt(`http://127.0.0.1:${await closedPort()}/`);
  expect(await nobody.probe(1_000)).toEqual({ ok: false, problem: 'ECONNREFUSED' });
});
