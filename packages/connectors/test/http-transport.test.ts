import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOutboundPolicy } from '../src/outbound.ts';
import { makeAuthority } from './support/authority.ts';
import { answer, closedPort, type HttpServer, startHttpServer } from './support/http-server.ts';
import { detailOf, useHttpWorld } from './support/http-world.ts';
import { brief, countingBudget } from './support/world.ts';

const { server, client, authenticator, serviceAt, ask } = useHttpWorld();

describe('a service that cannot be asked', () => {
  test('nobody listens', async () => {
    const host = `127.0.0.1:${await closedPort()}`;
    const verdict = await ask({ url: `http://${host}/` });
    expect(verdict).toMatchObject({
      outcome: 'error',
      reason: 'HTTP_UNREACHABLE',
      detail: { problem: `ECONNREFUSED at ${host}` },
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
  const host = `127.0.0.1:${await closedPort()}`;
  const nobody = serviceAt(`http://${host}/`);
  expect(await nobody.probe(1_000)).toEqual({ ok: false, problem: `ECONNREFUSED at ${host}` });
});
