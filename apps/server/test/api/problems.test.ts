import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, fieldsOf, type Harness, startHarness } from './support/harness.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());

const post = (url: string, payload: string, type = 'application/json') =>
  house.send({ method: 'POST', url, headers: { ...house.owner, 'content-type': type }, payload });

describe('a problem', () => {
  it('is RFC 9457 with a code, and its request id is in the header and in the log', async () => {
    const response = await post('/api/v1/credentials', '{}');
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toContain('application/problem+json');
    const problem = response.json<{ requestId: string; code: string; status: number; title: string }>();
    expect(problem).toMatchObject({ code: 'invalid-input', status: 400, title: 'The request is not valid' });
    expect(response.headers['x-request-id']).toBe(problem.requestId);
    expect(house.logged.some((line) => line.includes(problem.requestId))).toBe(true);
  });

  it('answers an unknown address with 404 and a known one under another method with 405', async () => {
    const unknown = await house.send({ method: 'GET', url: '/api/v1/nothing', headers: house.owner });
    expect([unknown.statusCode, codeOf(unknown)]).toEqual([404, 'not-found']);
    const method = await house.send({ method: 'PUT', url: '/api/v1/credentials', headers: house.owner });
    expect([method.statusCode, codeOf(method), method.headers.allow]).toEqual([
      405,
      'method-not-allowed',
      'GET, POST',
    ]);
    const badUrl = await house.send({ method: 'GET', url: '/api/v1/credentials/%ff', headers: house.owner });
    expect([badUrl.statusCode, codeOf(badUrl)]).toEqual([400, 'invalid-input']);
  });

  it('answers malformed, poisoned, empty, foreign and over-long bodies with their own codes', async () => {
    const codes = [
      await post('/api/v1/credentials', '{"username":'),
      await post('/api/v1/credentials', '{"__proto__":{"role":"owner"},"username":"x"}'),
      await post('/api/v1/credentials', ''),
      await post('/api/v1/credentials', 'username=x', 'application/x-www-form-urlencoded'),
      await post('/api/v1/credentials', 'username\nx', 'text/csv'),
      await post('/api/v1/credentials', '{}', 'text/plain'),
      await post(
        '/api/v1/credentials',
        JSON.stringify({ username: 'x', description: 'y'.repeat(1_100_000) }),
      ),
    ].map((response) => [response.statusCode, codeOf(response)]);
    expect(codes).toEqual([
      [400, 'invalid-input'],
      [400, 'invalid-input'],
      [400, 'invalid-input'],
      [415, 'unsupported-media-type'],
      [415, 'unsupported-media-type'],
      [415, 'unsupported-media-type'],
      [413, 'payload-too-large'],
    ]);
  });

  it('names the fields that are wrong, a misspelt one at its own path', async () => {
    const body = {
      username: 'x',
      passwrod: 'y',
      rules: [{ permission: 'allow', action: 'publish', topic: '' }],
    };
    expect(fieldsOf(await post('/api/v1/credentials', JSON.stringify(body))).sort()).toEqual([
      'passwrod',
      'rules.0.topic',
    ]);
    const list = await house.send({
      method: 'GET',
      url: '/api/v1/unauthorized-clients?limit=0&clientid=x',
      headers: house.owner,
    });
    expect(fieldsOf(list).sort()).toEqual(['clientid', 'limit']);
  });

  it('about a cursor of another list says so', async () => {
    const response = await house.send({
      method: 'GET',
      url: '/api/v1/unauthorized-clients?cursor=nonsense',
      headers: house.owner,
    });
    expect([response.statusCode, codeOf(response)]).toEqual([400, 'invalid-cursor']);
  });
});

describe('every answer', () => {
  it.each(['/api/v1/session', '/api/v1/nothing', '/healthz', '/api/openapi.json'])(
    '%s is not cached, not framed, not sniffed and runs nothing',
    async (url) => {
      const { headers } = await house.send({ method: 'GET', url });
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("default-src 'none'") as string,
        'referrer-policy': 'no-referrer',
      });
    },
  );

  it('of the docs page allows its own style sheet and no script', async () => {
    const { headers, body } = await house.send({ method: 'GET', url: '/api/docs' });
    expect(headers['content-type']).toContain('text/html');
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'/,
    );
    expect(body).not.toContain('<script');
    expect(body).toContain('/api/v1/unauthorized-clients/{id}');
  });
});

describe('health', () => {
  it('is public and tells ports; readiness is 503 while a listener is down', async () => {
    expect((await house.send({ method: 'GET', url: '/healthz' })).json()).toEqual({
      status: 'ok',
      version: '0.0.0-test',
    });
    const ready = await house.send({ method: 'GET', url: '/readyz' });
    expect([ready.statusCode, ready.json()]).toEqual([
      200,
      {
        status: 'ready',
        version: '0.0.0-test',
        ports: { api: 8080, tcp: 1883 },
        checks: { store: 'ok', listeners: 'ok', journal: 'ok', clients: 'ok' },
      },
    ]);
    const { listening } = house.plane;
    house.plane.listening = listening.map((one) => ({ ...one, port: null }));
    const down = await house.send({ method: 'GET', url: '/readyz' });
    expect([down.statusCode, down.json<{ status: string }>().status]).toEqual([503, 'not-ready']);
    house.plane.listening = listening;
  });

  it('is not ready while clients are sent to other nodes', async () => {
    const { current } = house.plane;
    house.plane.current = { ...current, letsIn: false };
    const ready = await house.send({ method: 'GET', url: '/readyz' });
    expect([ready.statusCode, ready.json()]).toMatchObject([
      503,
      { status: 'not-ready', checks: { store: 'ok', listeners: 'ok', clients: 'failed' } },
    ]);
    house.plane.current = current;
  });

  it('tells of a bus that does not reach the other nodes, and stays ready: it is away for all, most of the time', async () => {
    const { current } = house.plane;
    for (const [isBusWell, bus] of [
      [true, 'ok'],
      [false, 'failed'],
    ] as const) {
      house.plane.current = { ...current, isBusWell };
      const ready = await house.send({ method: 'GET', url: '/readyz' });
      expect([ready.statusCode, ready.json()]).toMatchObject([200, { status: 'ready', checks: { bus } }]);
    }
    house.plane.current = current;
  });

  it('names a journal that is not written, stays ready, and tells strangers no more of it', async () => {
    const { current } = house.plane;
    const problem = '/data/journal.db: database or disk is full';
    house.plane.current = { ...current, journal: { ...current.journal, problem } };
    const ready = await house.send({ method: 'GET', url: '/readyz' });
    expect([ready.statusCode, ready.json()]).toMatchObject([
      200,
      { status: 'ready', checks: { store: 'ok', listeners: 'ok', journal: 'failed', clients: 'ok' } },
    ]);
    expect(ready.body).not.toContain('full');
    house.plane.current = current;
  });
});
