import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAxeClean, expectAxeCleanNow } from '../support/axe.ts';
import { becomeOwner, launchBrowser, watchedPage, type Watched } from '../support/browser.ts';
import { HOSTILE_CLIENT_IDS } from '../support/hostile.ts';
import { startServer, type Server } from '../support/server.ts';
import { webSocketUpgrade } from '../support/web-socket.ts';

/** Markup, code and reversed text as a topic and as a payload. */
const HOSTILE_TOPIC = 'plant/<img src=x onerror="window.__hacked=1">/\u202Egnp';
const HOSTILE_PAYLOAD = '<script>window.__hacked=1</script>';

/** What lives in the broker, seen and changed in the console: one server, one browser, real devices. */
describe('sessions, subscriptions and messages in the console', () => {
  let server: Server;
  let browser: Browser;
  let context: BrowserContext;
  let watched: Watched;
  let page: Page;
  let origin: string;
  const devices: MqttClient[] = [];

  const device = async (clientId: string, options: IClientOptions = {}): Promise<MqttClient> => {
    const client = connect(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
      clientId,
      username: 'plant',
      password: 'seven herons',
      reconnectPeriod: 0,
      ...options,
    });
    devices.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => {
        resolve();
      });
      client.once('error', reject);
    });
    return client;
  };
  const open = async (path: string): Promise<void> => {
    await page.goto(`${origin}${path}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
  };
  const dialog = () => page.getByRole('dialog');

  beforeAll(async () => {
    server = await startServer({ console: true });
    await server.cli(['credentials', 'add', '--username', 'plant', '--password-stdin'], 'seven herons');
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    origin = new URL(server.setupLink()).origin;
    watched = await watchedPage(context, origin);
    page = watched.page;
    await becomeOwner(page, server.setupLink());
    const pump = await device('pump-7');
    await pump.subscribeAsync('plant/+/command', { qos: 1 });
    const viewer = await device('viewer-1', { protocolVersion: 5 });
    await viewer.subscribeAsync('$share/screens/plant/#', { qos: 1 });
    await pump.publishAsync('plant/pump-7/status', '{"running":true,"rpm":1480}', { retain: true });
    await pump.publishAsync('plant/pump-7/image', Buffer.from([0xff, 0xd8, 0xff, 0x00]), { retain: true });
    await pump.publishAsync(HOSTILE_TOPIC, HOSTILE_PAYLOAD, { retain: true, qos: 1 });
    for (const { clientId } of HOSTILE_CLIENT_IDS.filter((one) => one.clientId.length < 1_000)) {
      await device(clientId).catch(() => undefined);
    }
  });
  afterAll(async () => {
    for (const client of devices) client.end(true);
    await browser.close();
    await server.stop();
  });

  test.each(['/clients', '/subscriptions', '/retained', '/messages', '/settings/limits', '/'])(
    '%s is axe clean in both themes, runs nothing that a client sent, and keeps to its own policy',
    async (path) => {
      await expectAxeClean(page, `${origin}${path}`);
      expect(await page.evaluate('window.__hacked')).toBeUndefined();
      watched.expectClean();
    },
  );

  test('a session is found by the keyboard, shows what it hears, and is ended', async () => {
    await open('/clients');
    // A key does something once the page is alive: the server's own rows are there before.
    await expect
      .poll(async () => {
        await page.keyboard.press('/');
        return page.evaluate('document.activeElement?.type');
      })
      .toBe('search');
    await page.keyboard.type('pump-7');
    await page.keyboard.press('Enter');
    await page.waitForURL(/search=pump-7/);
    const row = page.getByRole('row').filter({ hasText: 'pump-7' });
    await row.getByRole('button', { name: 'pump-7' }).press('Enter');
    await dialog().getByText('plant/+/command').waitFor();
    await expectAxeCleanNow(page);
    await dialog().getByRole('button', { name: 'End session' }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'End session' }).click();
    await page.getByText('1 session ended').waitFor();
    await page.getByText('Nothing matches').waitFor();
  });

  test('a topic finds the subscriptions that a message would reach', async () => {
    await open('/subscriptions?topic=plant%2Fx');
    await page.getByText('$share/screens/plant/#').waitFor();
    expect(await page.getByText('plant/+/command').count()).toBe(0);
    await open('/subscriptions?topic=nobody');
    await page.getByText('Nothing matches').waitFor();
  });

  test('a retained payload is read as JSON, text and hex, and deleted', async () => {
    await open('/retained?filter=plant%2Fpump-7%2F%23');
    await page.getByRole('button', { name: 'plant/pump-7/status' }).click();
    await dialog().getByText('"rpm": 1480').waitFor();
    await dialog().getByRole('tab', { name: 'Hex' }).click();
    await dialog().getByText('000000  7b 22 72').waitFor();
    await expectAxeCleanNow(page);
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Delete' }).click();
    await page.getByText('1 retained message deleted').waitFor();
    await page.getByRole('button', { name: 'plant/pump-7/status' }).waitFor({ state: 'detached' });
  });

  test('a filter that is none is explained, with the id to ask about', async () => {
    await open('/retained?filter=a%23');
    await page.getByText('is no topic filter').waitFor();
    await page.getByText('invalid-input').waitFor();
  });

  test('the page speaks MQTT: it hears what a device says, and a device hears the page', async () => {
    await open('/messages');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('connected', { exact: true }).waitFor();
    await page.getByLabel('Topic filter').fill('lab/#');
    await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
    await page.getByRole('button', { name: 'Unsubscribe lab/#' }).waitFor();
    const lab = await device('lab-1', { protocolVersion: 5 });
    await lab.subscribeAsync('lab/answer');
    const answered = new Promise<string>((resolve) =>
      lab.once('message', (_topic, payload) => {
        resolve(payload.toString());
      }),
    );
    await lab.publishAsync('lab/<b>x</b>', HOSTILE_PAYLOAD, {
      properties: { contentType: 'text/html', userProperties: { unit: 'rpm' } },
    });
    await page.getByRole('button').filter({ hasText: 'lab/<b>x</b>' }).click();
    await dialog().getByText('text/html').waitFor();
    await dialog().getByText(HOSTILE_PAYLOAD).first().waitFor();
    await expectAxeCleanNow(page);
    await page.keyboard.press('Escape');
    await page.getByLabel('Topic', { exact: true }).fill('lab/answer');
    await page.getByLabel('Payload', { exact: true }).fill('heard you');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    expect(await answered).toBe('heard you');
    expect(await page.evaluate('window.__hacked')).toBeUndefined();
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Not connected').waitFor();
    watched.expectClean();
  });

  test('nobody gets to the broker through the console from another origin, or without signing in', async () => {
    const refusal = (asked: { readonly origin?: string }) =>
      webSocketUpgrade(Number(new URL(origin).port), { path: '/mqtt', ...asked });
    expect(await refusal({ origin: 'https://elsewhere.example' })).toBe(403);
    expect(await refusal({})).toBe(403);
    expect(await refusal({ origin })).toBe(401);
  });
});
