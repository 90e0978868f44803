import { connect, type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAxeClean, expectAxeCleanNow } from '../support/axe.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { mqttJs } from '../support/clients.ts';
import { startServer, type Server } from '../support/server.ts';

const BANNED = 0x8a;

/** From the page to real clients and back: who is blocked, whom that meets, and how it is taken back. */
describe('blocked clients in the console', () => {
  let server: Server;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;
  const devices: MqttClient[] = [];

  const url = (): string => `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
  const login = { username: 'plant', password: 'seven herons' };
  const device = async (clientId: string): Promise<MqttClient> => {
    const client = connect(url(), { clientId, ...login, protocolVersion: 5, reconnectPeriod: 0 });
    devices.push(client);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => {
        resolve();
      });
      client.once('error', reject);
    });
    return client;
  };
  const codeFor = async (clientId: string): Promise<number> =>
    (await mqttJs(url(), { clientId, ...login, protocolVersion: 5 })).code;
  const dialog = () => page.getByRole('dialog').last();
  const rowOf = (value: string) => page.getByRole('row', { name: value });

  beforeAll(async () => {
    server = await startServer({ console: true });
    await server.cli(['credentials', 'add', '--username', 'plant', '--password-stdin'], login.password);
    ({ browser, watched, page, origin } = await consoleAsOwner(server));
  });
  afterAll(async () => {
    for (const client of devices) client.end(true);
    await browser.close();
    await server.stop();
  });

  test('nobody is blocked: the page says so in both themes, and opens the dialog by keyboard alone', async () => {
    await expectAxeClean(page, `${origin}/blocked`);
    await page.getByText('Nobody is blocked').waitFor();
    await page.getByRole('button', { name: 'Block clients' }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByText('Say whom to block').waitFor();
    await expectAxeCleanNow(page);
    // The focus is on the first field: typing chooses there.
    await page.keyboard.type('Pattern');
    expect(await dialog().getByLabel('Blocked by').inputValue()).toBe('pattern');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    watched.expectClean();
  });

  test('the dialog tells whose session it would close, and why a pattern cannot be read, before anything is done', async () => {
    const pump = await device('pump-1');
    await page.goto(`${origin}/blocked`);
    await page.getByRole('button', { name: 'Block clients' }).first().click();
    await dialog().getByLabel('Blocked by').selectOption({ label: 'Pattern' });
    await dialog().getByLabel('Value').fill('pump-(');
    await dialog().getByText('is no RE2 pattern', { exact: false }).first().waitFor();
    await dialog().getByLabel('Value').fill('pump-[0-9]+');
    await dialog().getByText('1 open session would be closed: pump-1.').waitFor();
    expect(pump.connected).toBe(true);
    await expectAxeCleanNow(page);
    watched.expectClean();
  });

  test('a block closes the session, refuses the client with 0x8A, and counts it on the page', async () => {
    const pump = devices.find((client) => client.options.clientId === 'pump-1');
    await dialog().getByLabel('Comment').fill('test bench');
    await dialog().getByLabel('Ends').selectOption({ label: 'In a day' });
    await dialog().getByRole('button', { name: 'Block', exact: true }).click();
    await rowOf('pump-[0-9]+').getByText('test bench').waitFor();
    await expect.poll(() => pump?.connected).toBe(false);
    expect(await codeFor('pump-2')).toBe(BANNED);
    expect(await codeFor('fan-1')).toBe(0);
    await expect
      .poll(
        async () => {
          await page.reload();
          return rowOf('pump-[0-9]+').getByRole('cell').nth(4).innerText();
        },
        { timeout: 10_000, interval: 300 },
      )
      .toBe('1');
    await expectAxeClean(page, `${origin}/blocked`);
    watched.expectClean();
  });

  test('the refused client names the block and who made it, and is let in again from its drawer', async () => {
    await page.goto(`${origin}/unauthorized?clientId=eq:pump-2`);
    await page.locator('tbody tr').first().click();
    await page.getByText('blocked the pattern', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Remove the block' }).click();
    await page.getByText('The block is removed; the client can connect').waitFor();
    await expect.poll(() => codeFor('pump-2')).toBe(0);
    watched.expectClean();
  });

  test('a session is blocked from its drawer with what is known filled in', async () => {
    const lamp = await device('lamp-1');
    await page.goto(`${origin}/clients?open=lamp-1`);
    await page.getByRole('button', { name: 'Block…' }).click();
    expect(await dialog().getByLabel('Value').inputValue()).toBe('lamp-1');
    await dialog().getByLabel('Blocked by').selectOption({ label: 'Username' });
    expect(await dialog().getByLabel('Value').inputValue()).toBe('plant');
    await dialog().getByLabel('Blocked by').selectOption({ label: 'Client ID' });
    await dialog().getByText('1 open session would be closed: lamp-1.').waitFor();
    await dialog().getByRole('button', { name: 'Block', exact: true }).click();
    await expect.poll(() => lamp.connected).toBe(false);
    watched.expectClean();
  });

  test('a block is changed and removed on the page, and undo makes it again', async () => {
    await page.goto(`${origin}/blocked`);
    await page.getByRole('button', { name: 'Change the block of lamp-1' }).click();
    await dialog().getByLabel('Comment').fill('broken lamp');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await rowOf('lamp-1').getByText('broken lamp').waitFor();
    await page.getByRole('button', { name: 'Remove the block of lamp-1' }).click();
    await page.getByText('Nobody is blocked').waitFor();
    await expect.poll(() => codeFor('lamp-1')).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await rowOf('lamp-1').getByText('broken lamp').waitFor();
    expect(await codeFor('lamp-1')).toBe(BANNED);
    watched.expectClean();
  });

  test('filters that leave nobody over say so, and can be taken away', async () => {
    await page.goto(`${origin}/blocked?kind=cidr`);
    await page.getByText('Nothing matches').waitFor();
    await page.getByRole('button', { name: 'Clear all' }).last().click();
    await rowOf('lamp-1').waitFor();
    watched.expectClean();
  });
});
