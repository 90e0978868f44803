import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { expectAxeCleanNow } from '../support/axe.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { startServer, type Server } from '../support/server.ts';

const PASSWORD = 'seven herons';
const WRONG = 'eight herons';

/** The page that is an MQTT client, beside real ones: what its options ask for is what the broker does. */
describe('the options of the messages page', () => {
  let server: Server;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;
  const devices: MqttClient[] = [];

  const device = async (clientId: string, options: IClientOptions = {}): Promise<MqttClient> => {
    const client = connect(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
      clientId,
      username: 'plant',
      password: PASSWORD,
      protocolVersion: 5,
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
  const nextMessage = (client: MqttClient): Promise<IPublishPacket> =>
    new Promise((resolve) =>
      client.once('message', (_topic, _payload, packet) => {
        resolve(packet);
      }),
    );

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const rows = (topic: string) => page.getByRole('listitem').filter({ hasText: topic }).getByRole('button');
  const unfold = (label: string) => page.locator('summary').filter({ hasText: label }).click();
  const connectPage = async (): Promise<void> => {
    await button('Connect').click();
    await page.getByText('connected', { exact: true }).waitFor();
  };
  const subscribe = async (filter: string): Promise<void> => {
    await page.getByLabel('Topic filter').fill(filter);
    await button('Subscribe').click();
    await button(`Unsubscribe ${filter}`).waitFor();
  };
  const publish = async (topic: string, payload: string): Promise<void> => {
    await page.getByLabel('Topic', { exact: true }).fill(topic);
    await page.getByLabel('Payload', { exact: true }).fill(payload);
    await button('Publish').click();
  };
  const beClient = async (clientId: string, password: string): Promise<void> => {
    await unfold('Connect as…');
    await page.getByRole('group', { name: 'Credential' }).getByText('One that exists').click();
    await page.getByLabel('Client ID').fill(clientId);
    await page.getByLabel('Username').fill('plant');
    await page.getByLabel('Password').fill(password);
  };
  const openPage = async (): Promise<void> => {
    await page.goto(`${origin}/messages`);
    await button('Connect').waitFor();
  };

  beforeAll(async () => {
    server = await startServer({ console: true });
    await server.cli(['credentials', 'add', '--username', 'plant', '--password-stdin'], PASSWORD);
    ({ browser, watched, page, origin } = await consoleAsOwner(server, {
      viewport: { width: 1440, height: 1000 },
    }));
  });
  afterEach(() => {
    for (const client of devices.splice(0)) client.end(true);
    watched.expectClean();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  test('no local keeps what the page publishes from coming back to it', async () => {
    const lab = await device('lab-1');
    await openPage();
    await connectPage();
    await unfold('MQTT 5 options');
    await page.getByLabel('No local').check();
    await subscribe('lab/#');
    await page.getByRole('listitem').filter({ hasText: 'lab/#' }).getByText('No local').waitFor();
    await publish('lab/own', 'mine');
    await rows('lab/own').waitFor();
    await lab.publishAsync('lab/after', 'theirs');
    await rows('lab/after').waitFor();
    expect(await rows('lab/own').count()).toBe(1);
    await rows('lab/own').getByLabel('Sent').waitFor();
  });

  test('retain handling 2 brings no retained message; 0 does, with its flag and the identifier', async () => {
    const hall = await device('hall-1');
    await hall.publishAsync('hall/status', 'kept', { retain: true, qos: 1 });
    await openPage();
    await connectPage();
    await unfold('MQTT 5 options');
    await page.getByLabel('Retain handling').selectOption({ label: '2: never' });
    await subscribe('hall/#');
    await hall.publishAsync('hall/after', 'new');
    await rows('hall/after').waitFor();
    expect(await rows('hall/status').count()).toBe(0);

    await page.getByLabel('Retain handling').selectOption({ label: '0: on every subscribe' });
    await page.getByLabel('Subscription identifier').fill('0');
    await page.getByText('A whole number from 1 to 268435455.').waitFor();
    await page.getByLabel('Subscription identifier').fill('268435455');
    await subscribe('hall/#');
    await rows('hall/status').click();
    const facts = page.getByRole('dialog');
    await facts.getByText('268435455').waitFor();
    await expectAxeCleanNow(page);
    expect(await facts.locator('dl').first().textContent()).toMatch(/Retainyes.*Duplicate \(DUP\)no/);
    await page.keyboard.press('Escape');
  });

  test('every property and the bytes of a message arrive at a device', async () => {
    const bench = await device('bench-1');
    await bench.subscribeAsync('bench/#', { qos: 1 });
    await openPage();
    await connectPage();
    await unfold('MQTT 5 properties');
    await page.getByLabel('Content type').fill('image/jpeg');
    await page.getByLabel('Response topic').fill('bench/answers');
    await page.getByLabel('Correlation data').fill('42');
    await page.getByLabel('Expires after seconds').fill('600');
    await page.getByLabel('User properties').fill('unit=rpm\nunit=Hz\nsite=Lyon = north');
    await page.getByLabel('Format', { exact: true }).selectOption({ label: 'Bytes in hex' });
    await page.getByLabel('Payload', { exact: true }).fill('ff d');
    await page.getByText('Give whole bytes in hex').waitFor();
    await expectAxeCleanNow(page);
    const heard = nextMessage(bench);
    await publish('bench/image', 'ff d8 00');
    const { payload, properties } = await heard;
    expect(payload).toEqual(Buffer.from([0xff, 0xd8, 0x00]));
    expect(properties).toMatchObject({
      contentType: 'image/jpeg',
      responseTopic: 'bench/answers',
      correlationData: Buffer.from('42'),
      userProperties: { unit: ['rpm', 'Hz'], site: 'Lyon = north' },
    });
    expect(properties?.messageExpiryInterval).toBeGreaterThan(590);
    expect(properties?.payloadFormatIndicator).not.toBe(true);
  });

  test('a refused connect says why in words, and leads to its row; the password stays in the page', async () => {
    await openPage();
    await beClient('mill-9', WRONG);
    await button('Connect').click();
    await page.getByText('The broker said: bad user name or password (0x86)').waitFor();
    await expectAxeCleanNow(page);
    const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage, location.href])');
    expect(kept).not.toContain('herons');
    await page.getByRole('link', { name: 'Why, in Unauthorized clients' }).click();
    await page.waitForURL(/\/unauthorized\?clientId=eq(:|%3A)mill-9/);
    await page.locator('[data-open-row]').filter({ hasText: 'mill-9' }).first().waitFor();
    expect(page.url()).not.toContain('herons');
  });

  test('in MQTT 3.1.1 a refusal has its own words, and what only MQTT 5 has is off, with the reason', async () => {
    await openPage();
    await beClient('mill-10', WRONG);
    await page.getByLabel('Protocol version').selectOption({ label: 'MQTT 3.1.1' });
    await button('Connect').click();
    await page.getByText('bad user name or password (return code 4)').waitFor();
    expect(await page.getByLabel('Session expiry, seconds').isDisabled()).toBe(true);
    await page.getByLabel('Password').fill(PASSWORD);
    await connectPage();
    await page.getByText('mill-10', { exact: true }).waitFor();
    await unfold('MQTT 5 options');
    await unfold('MQTT 5 properties');
    await page.getByText('this connection speaks MQTT 3.1.1').first().waitFor();
    expect(await page.getByText('this connection speaks MQTT 3.1.1').count()).toBe(2);
    expect(await page.getByLabel('No local').isDisabled()).toBe(true);
    expect(await page.getByLabel('User properties').isDisabled()).toBe(true);
    await expectAxeCleanNow(page);
    await subscribe('mill/#');
    await publish('mill/echo', 'round');
    await expect.poll(() => rows('mill/echo').count()).toBe(2);
  });

  test('a session goes on where clean start is off, and the will is published when the page goes', async () => {
    const guard = await device('guard-1');
    await guard.subscribeAsync('dock/gone', { qos: 1 });
    await openPage();
    await beClient('dock-3', PASSWORD);
    await page.getByLabel('Clean start').uncheck();
    await page.getByLabel('Session expiry, seconds').fill('600');
    await page.getByLabel('Leave a will').check();
    await button('Connect').click();
    await page.getByText('A will needs a topic.').waitFor();
    await page.getByLabel('Will topic').fill('dock/gone');
    await page.getByLabel('Will payload').fill('dock-3 left');
    await expectAxeCleanNow(page);
    await connectPage();
    await subscribe('dock/orders');
    await button('Disconnect').click();
    await page.getByText('Not connected').waitFor();
    await guard.publishAsync('dock/orders', 'while away', { qos: 1 });
    await connectPage();
    await page.getByText('session resumed').waitFor();
    const will = nextMessage(guard);
    await page.goto(`${origin}/try`);
    expect((await will).payload.toString()).toBe('dock-3 left');
  });
});
