import { describe, expect, test } from 'vitest';
import type { CertificateVerification, TlsFacts } from '../src/attempt.ts';
import { createHttp, explainHttp, type HttpOptions } from '../src/methods/http.ts';
import type { HttpAnswer } from '../src/methods/http-answer.ts';
import type { HttpEndpoint, HttpRequest } from '../src/methods/http-request.ts';
import { readStatus } from '../src/methods/http-status.ts';
import {
  HTTP_PLACEHOLDERS,
  isPasswordParam,
  isUnknownPlaceholder,
  paramsOf,
} from '../src/methods/http-template.ts';
import { Secret } from '../src/secret.ts';
import { attemptOf, manualClock, passwordOf } from '../src/testing/index.ts';
import type { Verdict } from '../src/verdict.ts';

const YES: HttpAnswer = { result: 'answered', status: 200, body: '', contentType: 'text/plain' };
const clock = manualClock();
const pump = attemptOf({ username: 'pump-7', password: passwordOf('right') });
const PARAMS = { c: '%c', p: '%P' };

/** A service that gives its answers in turn, the last one again and again. */
function serviceOf(...answers: readonly HttpAnswer[]) {
  const asked: { readonly request: HttpRequest; readonly withinMs: number }[] = [];
  const endpoint: HttpEndpoint = {
    service: {
      ask: (request, withinMs) => {
        asked.push({ request, withinMs });
        return Promise.resolve(answers[Math.min(asked.length, answers.length) - 1] ?? YES);
      },
    },
    form: 'form',
    params: PARAMS,
    absent: 'null',
  };
  return { asked, endpoint };
}

function optionsOf(endpoint: HttpEndpoint, differs: Partial<HttpOptions> = {}) {
  const told: string[] = [];
  const options: HttpOptions = {
    name: 'service',
    endpoint,
    superuser: undefined,
    contract: 'status',
    answerMsMax: 1_000,
    budget: {
      admit: () => ({ result: 'ok' }),
      failed: () => told.push('failed'),
      succeeded: () => told.push('succeeded'),
      released: () => told.push('released'),
    },
    clock,
    ...differs,
  };
  return { options, told };
}

const reasonOf = (verdict: Verdict): string =>
  'reason' in verdict ? `${verdict.outcome} ${verdict.reason}` : verdict.outcome;

async function ask(answer: HttpAnswer, differs: Partial<HttpOptions> = {}, attempt = pump) {
  const { options, told } = optionsOf(serviceOf(answer).endpoint, differs);
  return { verdict: await createHttp(options).check(attempt), told };
}

describe('no answer', () => {
  test.each([
    ['timeout', 'error HTTP_TIMEOUT'],
    ['unreachable', 'error HTTP_UNREACHABLE'],
    ['garbled', 'error HTTP_BAD_RESPONSE'],
  ] as const)('%s is %s, and no guess', async (result, expected) => {
    const { verdict, told } = await ask({ result, problem: 'x' });
    expect(reasonOf(verdict)).toBe(expected);
    expect(told).toEqual(['released']);
  });

  test('a service that breaks gives the guess back', async () => {
    const { endpoint } = serviceOf();
    const broken = { ...endpoint, service: { ask: () => Promise.reject(new Error('broken')) } };
    const { options, told } = optionsOf(broken);
    await expect(createHttp(options).check(pump)).rejects.toThrow('broken');
    expect(told).toEqual(['released']);
  });

  test('who is over budget, or waits for others, is not asked about', async () => {
    const { endpoint, asked } = serviceOf();
    const with_ = (answer: ReturnType<HttpOptions['budget']['admit']>) => {
      const { options } = optionsOf(endpoint);
      return createHttp({ ...options, budget: { ...options.budget, admit: () => answer } }).check(pump);
    };
    expect(await with_({ result: 'busy' })).toEqual({ outcome: 'busy' });
    expect(await with_({ result: 'refused', until: 0, failures: 3 })).toMatchObject({
      reason: 'TOO_MANY_FAILURES',
    });
    expect(asked).toEqual([]);
  });
});

describe('what is told to 4.3’s clients', () => {
  test.each([
    [400, 0x86, 4],
    [401, 0x86, 4],
    [403, 0x87, 5],
    [429, 0x8a, 5],
    [503, 0x88, 3],
    [504, 0x89, 3],
    [500, 0x88, 3],
    [201, 0x88, 3],
  ])('status %i stands for 0x%x and %i', (status, v5, v3) => {
    expect(readStatus(status).emqxConnack).toEqual({ v5, v3 });
  });
});

describe('bodies', () => {
  const answered = (body: string | undefined, status = 200): HttpAnswer => ({
    result: 'answered',
    status,
    body,
    contentType: 'x'.repeat(500),
  });

  test('a body longer than what is read admits nobody, and leaves a refusal a refusal', async () => {
    for (const contract of ['status', 'json'] as const) {
      expect(reasonOf((await ask(answered(undefined), { contract })).verdict)).toBe(
        'error HTTP_BAD_RESPONSE',
      );
    }
    expect(reasonOf((await ask(answered(undefined, 403))).verdict)).toBe('deny HTTP_DENIED');
  });

  test('the head of an answer is cut before it is shown', async () => {
    const { verdict } = await ask(answered('', 403));
    expect(JSON.stringify(verdict).length).toBeLessThan(400);
  });

  test('a list, a number or null with 200 admits under contract status, as any body does', async () => {
    for (const body of ['[]', '7', 'null']) {
      expect((await ask(answered(body))).verdict.outcome).toBe('allow');
    }
  });

  test('json: null and negative times are unexpected', async () => {
    for (const body of ['null', '{"result":"allow","expire_at":-1}', '{"result":"allow","acl":null}']) {
      expect(reasonOf((await ask(answered(body), { contract: 'json' })).verdict)).toBe(
        'error HTTP_BAD_RESPONSE',
      );
    }
  });
});

describe('contract json', () => {
  const say = async (body: string, status = 200) =>
    (await ask({ result: 'answered', status, body, contentType: '' }, { contract: 'json' })).verdict;
  const end = clock.now() / 1_000 + 60;

  test.each([
    ['{"result":"allow"}', 200, 'allow'],
    ['', 204, 'allow'],
    ['{"result":"deny"}', 200, 'deny HTTP_DENIED'],
    ['{"result":"ignore"}', 200, 'ignore HTTP_IGNORED'],
    ['{"result":"maybe"}', 200, 'error HTTP_BAD_RESPONSE'],
    ['{"result":"allow"}', 404, 'error HTTP_BAD_RESPONSE'],
    ['{"result":"allow"}', 302, 'error HTTP_BAD_RESPONSE'],
    ['{"result":"allow"', 200, 'error HTTP_BAD_RESPONSE'],
    ['{"result":"allow","is_superuser":1}', 200, 'error HTTP_BAD_RESPONSE'],
    ['{"result":"allow","expire_at":1}', 200, 'deny HTTP_DENIED'],
    ['{"result":"allow","expire_at":"1"}', 200, 'error HTTP_BAD_RESPONSE'],
    ['{"result":"allow","acl":[7]}', 200, 'error HTTP_BAD_RESPONSE'],
  ])('%s with status %i: %s', async (body, status, expected) => {
    expect(reasonOf(await say(body, status))).toBe(expected);
  });

  test('gives superuser, rules and the end of the session', async () => {
    const body = JSON.stringify({ result: 'allow', is_superuser: true, acl: { pub: ['a'] }, expire_at: end });
    expect(await say(body)).toMatchObject({
      grant: {
        superuser: true,
        rules: [{ permission: 'allow', action: 'publish', topic: 'a' }],
        expiresAt: end * 1_000,
      },
    });
  });
});

describe('contract status', () => {
  const say = async (body: string, status = 200) =>
    (await ask({ result: 'answered', status, body, contentType: '' })).verdict;

  test('a redirect is not followed, "ignore" passes on', async () => {
    expect(await say('', 302)).toMatchObject({
      outcome: 'error',
      detail: { problem: 'redirects are not followed' },
    });
    expect(reasonOf(await say('', 500))).toBe('error HTTP_BAD_RESPONSE');
    expect(reasonOf(await say('ignore'))).toBe('ignore HTTP_IGNORED');
    expect(reasonOf(await say('no JSON'))).toBe('allow');
  });
});

describe('the superuser request', () => {
  test('without an answer is an error, told as its own', async () => {
    const { endpoint: superuser } = serviceOf({ result: 'unreachable', problem: 'ECONNREFUSED' });
    expect((await ask(YES, { superuser })).verdict).toMatchObject({
      outcome: 'error',
      detail: { problem: 'superuser request: ECONNREFUSED' },
    });
  });

  test('takes any status but 200 for no', async () => {
    const { endpoint: superuser } = serviceOf({ ...YES, status: 404 });
    expect((await ask(YES, { superuser })).verdict).toMatchObject({ grant: { superuser: false } });
  });

  test('gets the time that is left, and is not sent when none is', async () => {
    const { asked, endpoint: superuser } = serviceOf();
    const slow = (ms: number): HttpEndpoint => ({
      ...serviceOf().endpoint,
      service: {
        ask: () => {
          clock.advance(ms);
          return Promise.resolve(YES);
        },
      },
    });
    const first = optionsOf(slow(400), { superuser });
    expect(await createHttp(first.options).check(pump)).toMatchObject({ grant: { superuser: true } });
    expect(asked[0]?.withinMs).toBe(600);
    const second = optionsOf(slow(1_000), { superuser });
    expect(reasonOf(await createHttp(second.options).check(pump))).toBe('error HTTP_TIMEOUT');
    expect(asked).toHaveLength(1);
  });

  test('belongs to contract status alone', async () => {
    const { asked, endpoint: superuser } = serviceOf();
    const allowed: HttpAnswer = { ...YES, body: '{"result":"allow"}' };
    const { verdict } = await ask(allowed, { contract: 'json', superuser });
    expect(verdict).toMatchObject({ outcome: 'allow', grant: { superuser: false } });
    expect(asked).toEqual([]);
  });

  test('that cannot carry the password in JSON admits nobody', async () => {
    const superuser: HttpEndpoint = { ...serviceOf().endpoint, form: 'json' };
    const odd = attemptOf({ password: new Secret(Uint8Array.of(0xff)) });
    expect(reasonOf((await ask(YES, { superuser }, odd)).verdict)).toBe('deny HTTP_DENIED');
  });
});

describe('who is admitted', () => {
  test('a user owns its sessions by username, a device without one in a namespace of its own', async () => {
    const principal = async (attempt: typeof pump) => {
      const { verdict } = await ask(YES, {}, attempt);
      return verdict.outcome === 'allow' ? verdict.grant.principal : undefined;
    };
    expect(await principal(pump)).toEqual({ namespace: 'service', subject: 'pump-7' });
    for (const username of [undefined, '']) {
      const device = attemptOf({ username, clientId: 'pump-7' });
      expect(await principal(device)).toEqual({ namespace: 'service:clientid', subject: 'pump-7' });
    }
  });
});

describe('parameters', () => {
  const tlsOf = (verification: CertificateVerification): TlsFacts => ({
    version: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    serverName: undefined,
    certificate: {
      subject: 'CN=cn',
      issuer: 'CN=ca',
      commonName: 'cn',
      fingerprint: '00',
      serialNumber: '1',
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2027-01-01T00:00:00Z',
    },
    verification,
    pskIdentity: undefined,
  });

  test('every placeholder has a value for somebody', () => {
    const attempt = { ...pump, tls: tlsOf({ verified: true }) };
    for (const placeholder of HTTP_PLACEHOLDERS) {
      expect(paramsOf({ x: placeholder }, attempt)[0]?.value).toBeDefined();
      expect(isUnknownPlaceholder(placeholder)).toBe(false);
    }
  });

  test('a certificate that did not verify gives neither name nor subject', () => {
    const expired = { problem: 'expired', code: 'CERT_HAS_EXPIRED', subject: 'CN=cn', depth: 0 } as const;
    const attempt = { ...pump, tls: tlsOf({ verified: false, ...expired }) };
    expect(paramsOf({ C: '%C', d: '%d' }, attempt).map(({ value }) => value)).toEqual([undefined, undefined]);
  });

  test.each(['%z', '%A', '${nobody}', 'a-${clientid}', '${clientid}/'])(
    '%s is no placeholder',
    (template) => {
      expect(isUnknownPlaceholder(template)).toBe(true);
    },
  );

  test.each(['50%', '%user', 'plain', '%%', 7, true])('%s is a fixed value', (template) => {
    expect(isUnknownPlaceholder(template)).toBe(false);
    expect(paramsOf({ x: template }, pump)[0]?.value).toBe(template);
  });

  test('the password is known as what it is in both spellings', () => {
    expect(['%P', '${password}', '%p', 'P'].map(isPasswordParam)).toEqual([true, true, false, false]);
  });

  test('a GET carries them in its query and has no body', async () => {
    const { endpoint, asked } = serviceOf();
    await createHttp(optionsOf({ ...endpoint, form: 'query' }).options).check(pump);
    expect(asked[0]?.request).toEqual({ query: 'c=pump-7&p=right', body: undefined });
  });

  test('a password that JSON cannot carry is refused without asking, and without a guess', async () => {
    const { endpoint, asked } = serviceOf();
    const { options, told } = optionsOf({ ...endpoint, form: 'json' });
    const odd = attemptOf({ password: new Secret(Uint8Array.of(0xff)) });
    expect(await createHttp(options).check(odd)).toMatchObject({ outcome: 'deny', reason: 'HTTP_DENIED' });
    expect([asked, told]).toEqual([[], []]);
  });

  test('absent members are left out of JSON where that is set', async () => {
    const { endpoint, asked } = serviceOf();
    const json: HttpEndpoint = { ...endpoint, form: 'json', params: { u: '%u', c: '%c' }, absent: 'omit' };
    await createHttp(optionsOf(json).options).check(attemptOf({ clientId: 'c' }));
    expect(asked[0]?.request.body?.text).toBe('{"c":"c"}');
  });
});

describe('explaining', () => {
  const explain = (answer: HttpAnswer, attempt = pump, differs: Partial<HttpEndpoint> = {}) => {
    const params = { c: '%c', u: '%u', p: '%P', absent: '%C', fixed: 'x' };
    const endpoint = { ...serviceOf(answer).endpoint, params, ...differs };
    return explainHttp(optionsOf(endpoint).options, attempt);
  };

  test('what is sent and what came back is told, passwords and tokens masked', async () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln';
    const told = await explain(YES, { ...pump, username: token });
    expect(told).toMatchObject({
      params: ['c=pump-7', 'u=[secret]', 'p=[secret]', 'absent (absent)', 'fixed=x'],
      status: 200,
      bodyCharacters: 0,
    });
    expect(JSON.stringify(told)).not.toContain('right');
    expect(await explain({ ...YES, body: undefined })).toMatchObject({ bodyCharacters: 'too many' });
  });

  test('no answer, and a request that cannot be written, are told in words', async () => {
    expect(await explain({ result: 'unreachable', problem: 'ECONNREFUSED' })).toMatchObject({
      answer: 'unreachable',
      problem: 'ECONNREFUSED',
    });
    const odd = attemptOf({ password: new Secret(Uint8Array.of(0xff)) });
    expect(await explain(YES, odd, { form: 'json' })).toMatchObject({
      problem: 'the password is no UTF-8 text',
    });
  });
});

describe('rules of the settings', () => {
  const rules = [{ permission: 'allow', action: 'subscribe', topic: 'news/#' }] as const;
  const of = async (contract: HttpOptions['contract'], status: number, body: string) => {
    const answer = { result: 'answered', status, body, contentType: 'application/json' } as const;
    const { verdict } = await ask(answer, { contract, rules });
    return verdict.outcome === 'allow' ? verdict.grant.rules : verdict.outcome;
  };

  test.each([
    ['status', 200, ''],
    ['json', 204, ''],
    ['json', 200, '{"result":"allow"}'],
  ] as const)('hold where the answer (%s, %i, %j) names none', async (contract, status, body) => {
    expect(await of(contract, status, body)).toEqual(rules);
  });

  test('give way to those of the answer, also to an empty list', async () => {
    expect(await of('json', 200, '{"result":"allow","acl":[]}')).toEqual([]);
  });
});
