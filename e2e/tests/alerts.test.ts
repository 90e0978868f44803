import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  AlertChannelDto,
  AlertDto,
  AlertRuleDto,
  AlertTestResultDto,
  SeriesDto,
} from '@gatehouse/contract';
import type { MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isSigned, mailReceiver, type Message, webhookReceiver } from '../support/alert-receivers.ts';
import { Api } from '../support/api.ts';
import { mqttJs } from '../support/clients.ts';
import { startServer, type Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const SECRET = 'what the webhook is signed with';
const HOSTILE = 'pump\r\nBcc: thief@evil.test';

interface ListOf<T> {
  readonly items: readonly T[];
}

/** From refusals at a real listener to a webhook, a mailbox and an MQTT client, and back to silence. */
describe('alerts', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-alerts-'));
  let server: Server;
  let api: Api;
  let hook: Awaited<ReturnType<typeof webhookReceiver>>;
  let mail: Awaited<ReturnType<typeof mailReceiver>>;
  let watcher: MqttClient;
  const heard: { readonly topic: string; readonly message: Message }[] = [];
  const channels: Record<string, string> = {};

  const mqttUrl = (): string => `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
  const refuse = async (clientId: string): Promise<void> => {
    const { code, client } = await mqttJs(mqttUrl(), { clientId, username: 'nobody', password: 'x' });
    client.end(true);
    expect(code).not.toBe(0);
  };
  const channel = async (name: string, target: object): Promise<void> => {
    channels[name] = (await api.ok<AlertChannelDto>('POST', '/alert-channels', { name, target })).id;
  };
  const ofRule = (name: string) => (call: { readonly message: Message }) => call.message.rule.name === name;

  beforeAll(async () => {
    [hook, mail] = await Promise.all([webhookReceiver(), mailReceiver()]);
    server = await startServer({ dataDir });
    api = new Api(server);
    await api.createCredential({ username: 'wall', password: 'six herons', superuser: true });
    const login = { clientId: 'wall', username: 'wall', password: 'six herons' };
    ({ client: watcher } = await mqttJs(mqttUrl(), login));
    watcher.on('message', (topic, payload) => {
      heard.push({ topic, message: JSON.parse(payload.toString()) as Message });
    });
    await watcher.subscribeAsync('$SYS/gatehouse/alerts/#', { qos: 1 });
    await channel('hook', { kind: 'webhook', url: hook.url, secret: SECRET });
    await channel('mail', {
      kind: 'email',
      host: '127.0.0.1',
      port: mail.port,
      security: 'none',
      from: 'gatehouse@house.test',
      to: ['ops@house.test'],
    });
    await channel('mqtt', { kind: 'mqtt', retain: true });
  });
  afterAll(async () => {
    watcher.end(true);
    await server.stop();
    hook.close();
    mail.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('the test button reaches all three channels and tells how it went', async () => {
    for (const id of Object.values(channels)) {
      expect(await api.ok<AlertTestResultDto>('POST', `/alert-channels/${id}/test`)).toEqual({
        ok: true,
        failure: null,
      });
    }
    expect(hook.calls.map(({ message }) => message.event)).toEqual(['test']);
    expect(mail.mails[0]).toContain('Subject: [Gatehouse test]');
    await until('the MQTT client hears it', () => heard.find(({ message }) => message.event === 'test'));
  });

  test('a storm of refusals fires an alert that webhook, mailbox and MQTT client receive, once and signed', async () => {
    const all = Object.values(channels);
    await api.ok('POST', '/alert-rules', {
      name: 'Unheard of',
      condition: { kind: 'newReason' },
      channels: all,
      topic: 'new-reason',
    });
    for (let count = 0; count < 8; count += 1) await refuse(`${HOSTILE} ${String(count)}`);
    await until('all eight are counted', async () => {
      const { points } = await api.ok<SeriesDto>('GET', '/stats/series');
      return points.reduce((sum, { values }) => sum + (values['refused'] ?? 0), 0) === 8 ? points : undefined;
    });
    // Asked when all are counted, so that the first round already knows how many they are.
    await api.ok('POST', '/alert-rules', {
      name: 'Storm',
      condition: { kind: 'refusalRate', perMinute: 1, windowMinutes: 8, family: null },
      channels: all,
      topic: 'storm',
    });
    const storm = await until('the webhook is called', () => hook.calls.find(ofRule('Storm')));
    expect(isSigned(storm, SECRET)).toBe(true);
    // Eight in eight minutes.
    expect(storm.message).toMatchObject({ event: 'firing', value: 1, peak: 1 });
    const reason = await until('the new reason is told', () => hook.calls.find(ofRule('Unheard of')));
    expect(reason.message.items).toHaveLength(1);
    expect(reason.message.items[0]?.clientId).toContain(HOSTILE);
    const letter = await until('the mail comes', () =>
      mail.mails.find((text) => text.includes('Unheard of:')),
    );
    expect(letter.split('\r\n\r\n')[0]).not.toMatch(/^bcc/im);
    await until('MQTT', () => heard.find(({ topic }) => topic === '$SYS/gatehouse/alerts/storm'));
    const { items } = await api.ok<ListOf<AlertDto>>('GET', '/alerts?firing=true');
    expect(items.map(({ ruleName }) => ruleName).sort()).toEqual(['Storm', 'Unheard of']);
    const rows = items.find(({ ruleName }) => ruleName === 'Unheard of')?.rows;
    await until('all eight are behind it', async () => {
      const behind = await api.refused(`reason=${String(rows?.['reason'])}&from=${String(rows?.['from'])}`);
      return behind.total === 8 ? behind : undefined;
    });
    expect(hook.calls.filter(ofRule('Storm'))).toHaveLength(1);
  });

  test('a retained alert is there for who comes later, and no client can forge one', async () => {
    const late: string[] = [];
    const { client } = await mqttJs(mqttUrl(), {
      clientId: 'late',
      username: 'wall',
      password: 'six herons',
      protocolVersion: 5,
    });
    client.on('message', (_topic, payload) => late.push(payload.toString()));
    await client.subscribeAsync('$SYS/gatehouse/alerts/storm', { qos: 1 });
    await until('the retained one', () => late[0]);
    const before = heard.length;
    const forged = await client
      .publishAsync('$SYS/gatehouse/alerts/storm', '{"event":"resolved"}', { qos: 1 })
      .then(
        () => 'taken',
        (error: unknown) => (error as { readonly code?: unknown }).code,
      );
    expect(forged).toBe(0x87);
    expect(heard).toHaveLength(before);
    client.end(true);
  });

  test('a silence mutes a rule: the alert is in the list, and nobody is told', async () => {
    const made = await api.ok<AlertRuleDto>('POST', '/alert-rules', {
      name: 'Muted',
      condition: { kind: 'refusalRate', perMinute: 1, windowMinutes: 60, family: 'basic' },
      channels: Object.values(channels),
      enabled: false,
    });
    await api.ok('POST', '/alert-silences', { ruleId: made.id, minutes: 5 });
    await api.ok('PATCH', `/alert-rules/${made.id}`, {
      enabled: true,
      condition: { kind: 'refusalRate', perMinute: 1, windowMinutes: 1, family: 'basic' },
    });
    await refuse('again');
    await refuse('and again');
    const muted = await until('it fires', async () => {
      const { items } = await api.ok<ListOf<AlertDto>>('GET', `/alerts?firing=true&ruleId=${made.id}`);
      return items[0];
    });
    expect(muted).toMatchObject({ silenced: true, notifiedAt: null, notifications: 0 });
    expect(hook.calls.some(ofRule('Muted'))).toBe(false);
  });

  test('a webhook that redirects or fails is not followed; its failure is at the channel and the message waits', async () => {
    hook.state.status = 302;
    const before = hook.calls.length;
    await api.ok('POST', '/alert-rules', {
      name: 'Networks',
      condition: { kind: 'recorderDrops', drops: 1, windowMinutes: 1 },
      channels: [channels['hook']],
    });
    const outcome = await api.ok<AlertTestResultDto>(
      'POST',
      `/alert-channels/${String(channels['hook'])}/test`,
    );
    expect(outcome).toEqual({ ok: false, failure: 'it answered 302' });
    expect(hook.calls).toHaveLength(before + 1);
    hook.state.status = 204;
  });

  test('what fires fires on after a restart, and is not told twice', async () => {
    const before = hook.calls.filter(ofRule('Storm')).length;
    watcher.end(true);
    await server.kill('SIGTERM');
    server = await startServer({ dataDir });
    api = new Api(server);
    const { items } = await api.ok<ListOf<AlertDto>>('GET', '/alerts?firing=true');
    expect(items.map(({ ruleName }) => ruleName)).toContain('Storm');
    expect(hook.calls.filter(ofRule('Storm'))).toHaveLength(before);
  });
});
