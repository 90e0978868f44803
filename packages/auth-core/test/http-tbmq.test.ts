import { describe, expect, test } from 'vitest';
import type { HttpAnswer } from '../src/methods/http-answer.ts';
import { askHttpAcl } from '../src/methods/http-acl.ts';
import { createHttp } from '../src/methods/http.ts';
import type { HttpEndpoint } from '../src/methods/http-request.ts';
import { formOf, jsonOf, paramsOf } from '../src/methods/http-template.ts';
import { attemptOf, manualClock, passwordOf } from '../src/testing/index.ts';
import { DEFAULT_RULES } from '../src/acl/default-rules.ts';

const clock = manualClock();
const pump = attemptOf({ username: 'pump-7', password: passwordOf('right') });

const endpointWith = (answer: HttpAnswer): HttpEndpoint => ({
  service: { ask: () => Promise.resolve(answer) },
  form: 'json',
  params: {},
  absent: 'empty',
});

const answered = (body: string | undefined, status = 200): HttpAnswer => ({
  result: 'answered',
  status,
  body,
  contentType: 'application/json',
});

/** A body as text or as what is written in JSON; undefined for one that is too long. */
async function say(body: string | object | undefined, status = 200) {
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const http = createHttp({
    name: 'service',
    endpoint: endpointWith(answered(text, status)),
    superuser: undefined,
    contract: 'tbmq',
    answerMsMax: 1_000,
    budget: { admit: () => ({ result: 'ok' }), failed: () => 0, succeeded: () => 0, released: () => 0 },
    clock,
  });
  return http.check(pump);
}

const told = async (body: string | undefined, status = 200): Promise<string> => {
  const verdict = await say(body, status);
  return 'reason' in verdict ? `${verdict.outcome} ${verdict.reason}` : verdict.outcome;
};

const rulesFor = async (authRules: unknown) => {
  const verdict = await say({ result: 'SUCCESS', authRules });
  return verdict.outcome === 'allow' ? verdict.grant.rules : verdict;
};

describe('contract tbmq', () => {
  test.each([
    ['{"result":"success"}', 200, 'allow'],
    ['{"result":"SUCCESS","clientType":"APPLICATION"}', 201, 'allow'],
    ['{"result":"Success","clientType":"no such type","note":7}', 200, 'allow'],
    ['', 200, 'allow'],
    ['', 204, 'allow'],
    ['null', 200, 'allow'],
    ['{}', 200, 'allow'],
    ['{"result":null,"clientType":"DEVICE"}', 200, 'allow'],
    ['{"result":"failure"}', 200, 'deny HTTP_DENIED'],
    ['{"result":"FAILURE","authRules":7}', 200, 'deny HTTP_DENIED'],
    ['{"result":"skipped"}', 200, 'ignore HTTP_IGNORED'],
  ])('%s with status %i: %s, as in TBMQ', async (body, status, expected) => {
    expect(await told(body, status)).toBe(expected);
  });

  test.each([
    ['{"result":"success"}', 401],
    ['{"result":"success"}', 302],
    ['{"result":"success"}', 404],
    ['', 500],
    ['{"result":"success"}', 100],
    ['{"result":"allow"}', 200],
    ['{"result":true}', 200],
    ['{"result":"success', 200],
    ['<html>log in</html>', 200],
    ['[]', 200],
    ['"success"', 200],
    ['{"error":"who are you?"}', 200],
    ['{"result":null,"message":"nobody"}', 200],
  ])('%s with status %i never admits, and leaves nobody to the next step by itself', async (body, status) => {
    expect(await told(body, status)).toBe('error HTTP_BAD_RESPONSE');
  });

  test('a body longer than what is read never admits', async () => {
    expect(await told(undefined)).toBe('error HTTP_BAD_RESPONSE');
  });

  test('authRules are the rules: expressions that say what a topic filter says', async () => {
    const authRules = {
      pubAuthRulePatterns: ['plant/[^/]+/state', 'own/.*'],
      subAuthRulePatterns: ['own/.*', 'farm/\\+/cmd'],
    };
    expect(await rulesFor(authRules)).toEqual([
      { permission: 'allow', action: 'publish', topic: 'plant/+/state' },
      { permission: 'allow', action: 'publish', topic: 'own/+/#' },
      { permission: 'allow', action: 'subscribe', topic: 'own/#' },
      { permission: 'allow', action: 'subscribe', topic: 'farm/+/cmd' },
    ]);
  });

  test('no authRules are the default rules; a list that is empty or not there allows nothing', async () => {
    expect(await rulesFor(undefined)).toEqual(DEFAULT_RULES);
    expect(await rulesFor(null)).toEqual(DEFAULT_RULES);
    expect(await rulesFor({})).toEqual([]);
    expect(await rulesFor({ pubAuthRulePatterns: null, subAuthRulePatterns: [] })).toEqual([]);
    expect(await rulesFor({ pubAuthRulePatterns: ['a'] })).toEqual([
      { permission: 'allow', action: 'publish', topic: 'a' },
    ]);
  });

  test.each([
    ['no object with two lists', 7],
    ['no object with two lists', []],
    ['no object with two lists', '.*'],
    ['pubAuthRulePatterns is no list of expressions', { pubAuthRulePatterns: '.*' }],
    [
      'pubAuthRulePatterns: an expression says what no topic filter says',
      { pubAuthRulePatterns: ['.*', 'plant/[0-9]+'] },
    ],
    ['subAuthRulePatterns: an expression says what no topic filter says', { subAuthRulePatterns: [7] }],
    [
      'subAuthRulePatterns: an expression says what no topic filter says',
      { subAuthRulePatterns: ['a'.repeat(1_025)] },
    ],
    ['more than 500 rules', { subAuthRulePatterns: Array.from({ length: 501 }, () => 'a') }],
  ])('rules that cannot be read (%s) never become the default rules', async (problem, authRules) => {
    expect(await say({ result: 'SUCCESS', authRules })).toMatchObject({
      outcome: 'error',
      reason: 'HTTP_BAD_RESPONSE',
      detail: { status: 200, problem: `authRules: ${problem}` },
    });
  });

  test.each([
    ['{"result":"success"}', 200, 'allow'],
    ['', 200, 'allow'],
    ['{"result":"failure"}', 200, 'deny'],
    ['{"result":"skipped"}', 200, 'ignore'],
    ['{"result":"success"}', 500, 'error'],
  ] as const)('asked about a topic, %s with status %i: %s', async (body, status, expected) => {
    const endpoint = endpointWith(answered(body, status));
    const question = { action: 'publish', topic: 't', qos: 0, retain: false } as const;
    expect(await askHttpAcl({ endpoint, contract: 'tbmq', answerMsMax: 10 }, pump, question)).toBe(expected);
  });
});

test('TBMQ’s names for placeholders, and its empty text for what a client has not', () => {
  const params = paramsOf(
    { id: '${clientId}', cn: '${commonName}', user: '${username}' },
    attemptOf({ clientId: 'c' }),
  );
  expect(jsonOf(params, 'empty')).toBe('{"id":"c","cn":"","user":""}');
  expect(formOf(params, 'empty')).toBe('id=c&cn=&user=');
});
