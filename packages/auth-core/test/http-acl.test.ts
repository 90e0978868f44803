import { describe, expect, test } from 'vitest';
import { createHttp, type HttpOptions } from '../src/methods/http.ts';
import { askHttpAcl, type HttpAclQuestion } from '../src/methods/http-acl.ts';
import type { HttpAnswer } from '../src/methods/http-answer.ts';
import type { HttpEndpoint, HttpRequest } from '../src/methods/http-request.ts';
import { isUnknownPlaceholder } from '../src/methods/http-template.ts';
import { attemptOf, manualClock, passwordOf } from '../src/testing/index.ts';

const client = attemptOf({ username: 'ann&x=1', clientId: 'pump/7', password: passwordOf('secret') });
const question: HttpAclQuestion = { action: 'publish', topic: 'a/ö&topic=b', qos: 1, retain: false };

function service(
  answer: HttpAnswer,
  form: HttpEndpoint['form'] = 'form',
  params: HttpEndpoint['params'] = {},
) {
  const asked: HttpRequest[] = [];
  const endpoint: HttpEndpoint = {
    service: {
      ask: (request) => {
        asked.push(request);
        return Promise.resolve(answer);
      },
    },
    form,
    params,
    absent: 'null',
  };
  return { asked, endpoint };
}

const answered = (status: number, body = ''): HttpAnswer => ({
  result: 'answered',
  status,
  body,
  contentType: 'text/plain',
});

describe('what is sent about a topic', () => {
  const params = {
    a: '%A',
    t: '%t',
    m: '%m',
    u: '%u',
    c: '%c',
    action: '${action}',
    q: '${qos}',
    r: '${retain}',
  };

  test('every value is encoded, so that no topic or name becomes another parameter', async () => {
    const { asked, endpoint } = service(answered(200), 'form', params);
    await askHttpAcl({ endpoint, contract: 'status', answerMsMax: 10 }, client, question);
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body?.text))).toEqual({
      a: '2',
      t: 'a/ö&topic=b',
      m: 'null',
      u: 'ann&x=1',
      c: 'pump/7',
      action: 'publish',
      q: '1',
      r: 'false',
    });
  });

  test('as JSON too, with 1 for a subscription', async () => {
    const { asked, endpoint } = service(answered(200), 'json', params);
    const subscribe = { ...question, action: 'subscribe' } as const;
    await askHttpAcl({ endpoint, contract: 'status', answerMsMax: 10 }, client, subscribe);
    expect(JSON.parse(asked[0]?.body?.text ?? '')).toMatchObject({ a: 1, t: 'a/ö&topic=b', m: null, q: 1 });
  });

  test('placeholders of topics belong to such requests alone', () => {
    expect(isUnknownPlaceholder('%t')).toBe(true);
    expect(isUnknownPlaceholder('%t', true)).toBe(false);
    expect(isUnknownPlaceholder('x-${topic}', true)).toBe(true);
  });
});

describe('what an answer says', () => {
  test.each([
    ['status', answered(200), 'allow'],
    ['status', answered(200, 'anything'), 'allow'],
    ['status', answered(200, 'ignore'), 'ignore'],
    ['status', answered(204), 'deny'],
    ['status', answered(403), 'deny'],
    ['status', answered(500), 'deny'],
    ['json', answered(200, '{"result":"allow"}'), 'allow'],
    ['json', answered(200, '{"result":"deny"}'), 'deny'],
    ['json', answered(200, '{"result":"ignore"}'), 'ignore'],
    ['json', answered(204), 'allow'],
    ['json', answered(200, '{"result":"maybe"}'), 'error'],
    ['json', answered(200, 'no json'), 'error'],
    ['json', answered(403), 'error'],
    ['status', { result: 'timeout', problem: '' }, 'error'],
    ['json', { result: 'unreachable', problem: '' }, 'error'],
    ['json', { result: 'garbled', problem: '' }, 'error'],
  ] as const)('%s %j: %s', async (contract, answer, expected) => {
    const { endpoint } = service(answer);
    expect(await askHttpAcl({ endpoint, contract, answerMsMax: 10 }, client, question)).toBe(expected);
  });
});

describe('the grant of a service that is asked about topics', () => {
  const grantOf = async (body: string, rules?: HttpOptions['rules']) => {
    const { endpoint } = service(answered(200, body), 'json', {});
    const http = createHttp({
      name: 'web',
      endpoint,
      superuser: undefined,
      contract: 'json',
      asksAboutTopics: true,
      rules,
      answerMsMax: 10,
      budget: {
        admit: () => ({ result: 'ok' }),
        failed: () => undefined,
        succeeded: () => undefined,
        released: () => undefined,
      },
      clock: manualClock(),
    });
    const verdict = await http.check(client);
    return verdict.outcome === 'allow' ? verdict.grant : undefined;
  };

  test('names the service, and gives no rules but those that it names', async () => {
    expect(await grantOf('{"result":"allow"}')).toMatchObject({ asks: 'web', rules: [] });
    const acl = '[{"permission":"allow","action":"publish","topic":"a"}]';
    expect(await grantOf(`{"result":"allow","acl":${acl}}`)).toMatchObject({
      asks: 'web',
      rules: [{ permission: 'allow', action: 'publish', topic: 'a' }],
    });
  });

  test('has the rules of the settings where the answer names none', async () => {
    const rules = [{ permission: 'deny', action: 'all', topic: 'secret/#' }] as const;
    expect(await grantOf('{"result":"allow"}', rules)).toMatchObject({ asks: 'web', rules });
    expect(await grantOf('{"result":"allow","acl":[]}', rules)).toMatchObject({ asks: 'web', rules: [] });
  });
});
