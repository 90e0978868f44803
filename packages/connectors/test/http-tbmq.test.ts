import { expect, test } from 'vitest';
import { answer } from './support/http-server.ts';
import { detailOf, useHttpWorld } from './support/http-world.ts';
import { brief } from './support/world.ts';

const { server, ask, client } = useHttpWorld();
const tbmq = { options: { contract: 'tbmq' } } as const;

test('success, failure and skipped, in whatever case, and an empty body', async () => {
  const say = async (body: string, status = 200) => {
    server.answerWith(answer(status, body, { 'content-type': 'application/json' }));
    return brief(await ask(tbmq));
  };
  expect(await say('{"result":"SUCCESS","clientType":"APPLICATION"}')).toBe('allow');
  expect(await say('{"result":"success"}', 201)).toBe('allow');
  expect(await say('')).toBe('allow');
  expect(await say('', 204)).toBe('allow');
  expect(await say('{"result":"FAILURE"}')).toBe('deny HTTP_DENIED');
  expect(await say('{"result":"skipped"}')).toBe('ignore HTTP_IGNORED');
});

test.each([301, 400, 401, 403, 404, 429, 500, 503])(
  'status %i says nothing, whatever its body, and the detail carries it',
  async (status) => {
    server.answerWith(answer(status, '{"result":"success"}', { location: '/elsewhere' }));
    const verdict = await ask(tbmq);
    expect(brief(verdict)).toBe('error HTTP_BAD_RESPONSE');
    expect(detailOf(verdict)).toMatchObject({ status });
    expect(server.seen).toHaveLength(1);
  },
);

test('its rules are granted, and what the service repeats of the password is told nowhere', async () => {
  const authRules = { pubAuthRulePatterns: ['plant/.*'], subAuthRulePatterns: ['plant/7'] };
  server.answerWith(answer(200, JSON.stringify({ result: 'SUCCESS', authRules, message: 'right' })));
  const verdict = await ask(tbmq, client);
  expect(verdict).toMatchObject({
    outcome: 'allow',
    grant: {
      superuser: false,
      expiresAt: undefined,
      rules: [
        { permission: 'allow', action: 'publish', topic: 'plant/+/#' },
        { permission: 'allow', action: 'subscribe', topic: 'plant/7' },
      ],
    },
  });
  expect(JSON.stringify(detailOf(verdict))).not.toContain('right');
});
