import type { AlertChannelDto, AlertRuleDto, AlertSilenceDto } from '@gatehouse/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, fieldsOf, type Harness, startHarness } from './support/harness.ts';

let house: Harness;
beforeAll(async () => {
  house = await startHarness();
});
afterAll(() => house.close());

const send = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
  house.send({
    method,
    url: `/api/v1${url}`,
    headers: house.owner,
    ...(payload === undefined ? {} : { payload }),
  });

const HOOK = {
  kind: 'webhook',
  url: 'https://hooks.test/T0K3N/path?x=1',
  secret: 'a-signing-secret-of-ours',
};
const MAIL = {
  kind: 'email',
  host: 'mail.test',
  port: 587,
  security: 'starttls',
  username: 'ops',
  password: 'mail-password',
  from: 'gatehouse@house.test',
  to: ['ops@house.test'],
};
const makeChannel = async (target: object, name = 'Ops'): Promise<AlertChannelDto> => {
  const response = await send('POST', '/alert-channels', { name, target });
  expect(response.statusCode).toBe(201);
  return response.json<AlertChannelDto>();
};

test('what is secret about a channel is written and never read, in no answer, audit entry or log', async () => {
  const hook = await makeChannel(HOOK);
  expect(hook.target).toEqual({ kind: 'webhook', origin: 'https://hooks.test', hasSecret: true });
  const mail = await makeChannel(MAIL);
  expect(mail.target).toMatchObject({ kind: 'email', hasPassword: true });
  await send('PATCH', `/alert-channels/${hook.id}`, { target: { kind: 'webhook', secret: null } });
  await send('DELETE', `/alert-channels/${mail.id}`);
  const everything = [
    (await send('GET', '/alert-channels')).body,
    (await send('GET', '/audit?limit=50')).body,
    ...house.logged,
  ].join('\n');
  expect(everything).toContain('alert-channel.update');
  for (const secret of ['T0K3N', HOOK.secret, MAIL.password]) expect(everything).not.toContain(secret);
  const [after] = (await send('GET', '/alert-channels')).json<{ items: AlertChannelDto[] }>().items;
  expect(after?.target).toMatchObject({ hasSecret: false });
});

test('a password is not sent to another server than it was given for, nor without TLS', async () => {
  const { id } = await makeChannel(MAIL);
  const { password: _, ...without } = MAIL;
  const moved = await send('PATCH', `/alert-channels/${id}`, { target: { ...without, host: 'evil.test' } });
  expect([moved.statusCode, fieldsOf(moved)]).toEqual([400, ['target.password']]);
  const kept = await send('PATCH', `/alert-channels/${id}`, { target: { ...without, to: ['b@house.test'] } });
  expect(kept.json<AlertChannelDto>().target).toMatchObject({ hasPassword: true, to: ['b@house.test'] });
  const bare = await send('POST', '/alert-channels', { name: 'x', target: { ...MAIL, security: 'none' } });
  expect(fieldsOf(bare)).toEqual(['target.security']);
  const other = await send('PATCH', `/alert-channels/${id}`, { target: { kind: 'mqtt', retain: true } });
  expect(fieldsOf(other)).toEqual(['target.kind']);
});

test('recipients and names that would end a header are refused', async () => {
  const to = await send('POST', '/alert-channels', {
    name: 'x',
    target: { ...MAIL, to: ['a@b.test\r\nBcc: c@d.test'] },
  });
  expect(fieldsOf(to)).toEqual(['target.to.0']);
  const name = await send('POST', '/alert-rules', { name: 'a\r\nBcc: x', condition: { kind: 'newReason' } });
  expect(fieldsOf(name)).toEqual(['name']);
});

test('a rule has its defaults, names its channels, and its change is guarded', async () => {
  const { id: channel } = await makeChannel({ kind: 'mqtt', retain: false }, 'Wall');
  const bad = await send('POST', '/alert-rules', {
    name: 'x',
    condition: { kind: 'newReason' },
    channels: [channel, 'nobody'],
  });
  expect(fieldsOf(bad)).toEqual(['channels.1']);
  const made = await send('POST', '/alert-rules', {
    name: 'New reason',
    condition: { kind: 'newReason' },
    channels: [channel],
  });
  const rule = made.json<AlertRuleDto>();
  expect(rule).toMatchObject({ enabled: true, repeatMinutes: 60, resolveAfterSeconds: 300, firing: false });
  const stale = await house.send({
    method: 'PATCH',
    url: `/api/v1/alert-rules/${rule.id}`,
    headers: { ...house.owner, 'if-match': '"7"' },
    payload: { enabled: false },
  });
  expect(codeOf(stale)).toBe('precondition-failed');
  const off = await send('PATCH', `/alert-rules/${rule.id}`, { enabled: false });
  expect(off.json<AlertRuleDto>()).toMatchObject({ enabled: false, version: 2, name: 'New reason' });
  expect((await send('DELETE', `/alert-rules/${rule.id}`)).statusCode).toBe(204);
  expect((await send('DELETE', `/alert-rules/${rule.id}`)).statusCode).toBe(404);
  const audit = (await send('GET', '/audit?limit=50')).body;
  for (const action of ['create', 'update', 'delete']) expect(audit).toContain(`alert-rule.${action}`);
});

test.each([
  ['a topic with a wildcard', { topic: 'a/#' }, 'topic'],
  ['a topic that leaves its place', { topic: '/../x' }, 'topic'],
  [
    'a window of no time',
    { condition: { kind: 'recorderDrops', drops: 1, windowMinutes: 0 } },
    'condition.windowMinutes',
  ],
  ['a calm of a moment', { resolveAfterSeconds: 1 }, 'resolveAfterSeconds'],
])('a rule with %s is refused', async (_what, part, field) => {
  const body = { name: 'x', condition: { kind: 'newReason' }, ...part };
  const response = await send('POST', '/alert-rules', body);
  expect([response.statusCode, fieldsOf(response)]).toEqual([400, [field]]);
});

test('an operator silences and may not write rules; the silence shows at the rule', async () => {
  const made = await send('POST', '/alert-rules', { name: 'Networks', condition: { kind: 'newNetwork' } });
  const { id } = made.json<AlertRuleDto>();
  const operator = await house.key('operator');
  const silence = await house.send({
    method: 'POST',
    url: '/api/v1/alert-silences',
    headers: operator,
    payload: { ruleId: id, minutes: 30, comment: 'maintenance' },
  });
  expect(silence.statusCode).toBe(201);
  const { id: silenceId, until } = silence.json<AlertSilenceDto>();
  const [rule] = (await send('GET', '/alert-rules')).json<{ items: AlertRuleDto[] }>().items;
  expect(rule?.silencedUntil).toBe(until);
  const write = await house.send({
    method: 'DELETE',
    url: `/api/v1/alert-rules/${id}`,
    headers: operator,
  });
  expect(write.statusCode).toBe(403);
  const ended = await house.send({
    method: 'DELETE',
    url: `/api/v1/alert-silences/${silenceId}`,
    headers: operator,
  });
  expect(ended.statusCode).toBe(204);
});

test('the test button sends one message and is in the audit', async () => {
  const { id } = await makeChannel({ kind: 'mqtt', retain: true }, 'Button');
  const response = await send('POST', `/alert-channels/${id}/test`);
  expect(response.json()).toEqual({ ok: true, failure: null });
  expect(house.plane.calls).toContain('test Button');
  expect((await send('GET', '/audit?limit=5')).body).toContain('alert-channel.test');
  expect((await send('POST', '/alert-channels/nobody/test')).statusCode).toBe(404);
});
