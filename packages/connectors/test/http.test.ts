import { Secret, type Verdict } from '@gatehouse/auth-core';
import { attemptOf, passwordOf } from '@gatehouse/auth-core/testing';
import { describe, expect, test } from 'vitest';
import { answer, closedPort } from './support/http-server.ts';
import { detailOf, useHttpWorld } from './support/http-world.ts';
import { brief } from './support/world.ts';

const { server, client, endpointAt, ask } = useHttpWorld();

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
    const verification = {
      verified: false,
      problem: 'no-path',
      code: 'X',
      subject: 'CN=x',
      depth: 0,
    } as const;
    await ask(
      { endpoint: { form: 'json', params } },
      { ...client, tls: { ...tls, verification: { verified: true } } },
    );
    await ask({ endpoint: { form: 'json', params } }, { ...client, tls: { ...tls, verification } });
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

  test('a mountpoint is granted, and one that cannot be used is said in words', async () => {
    server.answerWith(answer(200, '{"mountpoint":"tenant-7/"}'));
    expect(await ask()).toMatchObject({ outcome: 'allow', grant: { mountpoint: 'tenant-7/' } });
    server.answerWith(answer(200, '{"mountpoint":"tenant-7"}'));
    const verdict = await ask();
    expect(brief(verdict)).toBe('error HTTP_BAD_RESPONSE');
    expect(detailOf(verdict)?.['problem']).toBe('the mountpoint does not end with /');
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
