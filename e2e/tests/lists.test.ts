import { connect, type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { startServer, type Server } from '../support/server.ts';

/** The lists of what lives in the broker, put in order and narrowed by their heads and filters. */
describe('sessions, subscriptions and retained messages in the order that was asked for', () => {
  let server: Server;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;
  const devices: MqttClient[] = [];

  const device = async (clientId: string): Promise<MqttClient> => {
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const client = connect(url, { clientId, username: 'plant', password: 'seven herons' });
    devices.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => {
        resolve();
      });
      client.once('error', reject);
    });
    return client;
  };
  /** The first cell of each row that names something. */
  const firstCells = (): Promise<string[]> => page.locator('tbody tr td:nth-child(1)').allInnerTexts();
  const names = (): Promise<string[]> => page.locator('tbody tr td:nth-child(2)').allInnerTexts();
  const sortBy = (head: string): Promise<void> =>
    page.getByRole('columnheader', { name: head }).getByRole('button').click();

  beforeAll(async () => {
    server = await startServer({ console: true });
    await server.cli(['credentials', 'add', '--username', 'plant', '--password-stdin'], 'seven herons');
    ({ browser, watched, page, origin } = await consoleAsOwner(server, {
      viewport: { width: 1680, height: 900 },
    }));
    const pump = await device('pump');
    await pump.subscribeAsync({ 'a/+': { qos: 2 }, 'z/#': { qos: 0 }, 'm/1': { qos: 1 } });
    await device('lamp');
    await pump.publishAsync('b/small', 'x', { retain: true, qos: 1 });
    await pump.publishAsync('a/large', 'x'.repeat(100), { retain: true });
  });
  afterAll(async () => {
    for (const client of devices) client.end(true);
    await browser.close();
    await server.stop();
  });

  test('sessions: most subscriptions first, with the credential by its name', async () => {
    await page.goto(`${origin}/clients`);
    await expect.poll(names).toEqual(['lamp', 'pump']);
    await sortBy('Subscriptions');
    await expect.poll(names).toEqual(['pump', 'lamp']);
    expect(page.url()).toContain('sort=-subscriptions');
    const row = page.locator('tbody tr').first();
    expect(await row.getByRole('link', { name: 'plant' }).getAttribute('href')).toContain(
      '/credentials?open=',
    );
    expect(await row.getByText('No', { exact: true }).count()).toBe(1);
    await page.getByLabel('TLS', { exact: true }).selectOption({ label: 'over TLS' });
    await page.getByText('Nothing matches').first().waitFor();
    watched.expectClean();
  });

  test('subscriptions: by topic filter, and of one QoS', async () => {
    const filters = names;
    await page.goto(`${origin}/subscriptions`);
    await sortBy('Topic filter');
    await expect.poll(filters).toEqual(['z/#', 'm/1', 'a/+']);
    await sortBy('QoS');
    await expect.poll(filters).toEqual(['a/+', 'm/1', 'z/#']);
    await page.getByLabel('QoS', { exact: true }).selectOption({ label: 'QoS 1' });
    await expect.poll(filters).toEqual(['m/1']);
    watched.expectClean();
  });

  test('retained messages: by size, by QoS, by when they were stored', async () => {
    await page.goto(`${origin}/retained`);
    await expect.poll(firstCells).toEqual(['a/large', 'b/small']);
    await sortBy('QoS');
    await expect.poll(firstCells).toEqual(['b/small', 'a/large']);
    await sortBy('Size');
    await expect.poll(firstCells).toEqual(['a/large', 'b/small']);
    await sortBy('Stored');
    expect(page.url()).toContain('sort=-updatedAt');
    watched.expectClean();
  });
});
