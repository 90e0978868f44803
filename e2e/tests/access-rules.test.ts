import { connect, type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAxeClean, expectAxeCleanNow } from '../support/axe.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { startServer, type Server } from '../support/server.ts';

const NOT_AUTHORIZED = 0x87;

/** From the page to real clients and back: what is forbidden, in which order, and who was denied. */
describe('access rules in the console', () => {
  let server: Server;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;
  let device: MqttClient;

  const login = { username: 'plant', password: 'seven herons' };
  /** The code of PUBACK; 0: it was taken. */
  const publish = (topic: string): Promise<number> =>
    new Promise((resolve) => {
      device.publish(topic, 'x', { qos: 1 }, (error, packet) => {
        const told = error instanceof Error && 'code' in error ? error.code : undefined;
        const acknowledged = packet !== undefined && 'reasonCode' in packet ? packet.reasonCode : undefined;
        resolve(typeof told === 'number' ? told : (acknowledged ?? 0));
      });
    });
  const allowed = async (topic: string): Promise<boolean> => (await publish(topic)) < 0x80;
  const list = () => page.getByRole('list', { name: 'Rules in the order in which they are asked' });
  const order = async (): Promise<string[]> =>
    (await list().locator('[data-rule] code').allTextContents()).map((text) => text.trim());
  const dialog = () => page.getByRole('dialog').last();

  beforeAll(async () => {
    server = await startServer({ console: true });
    await server.cli(['credentials', 'add', '--username', 'plant', '--password-stdin'], login.password);
    ({ browser, watched, page, origin } = await consoleAsOwner(server));
    device = connect(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
      clientId: 'pump-7',
      ...login,
      protocolVersion: 5,
      reconnectPeriod: 0,
    });
    await new Promise<void>((resolve, reject) => {
      device.once('connect', () => {
        resolve();
      });
      device.once('error', reject);
    });
  });
  afterAll(async () => {
    device.end(true);
    await browser.close();
    await server.stop();
  });

  test('without rules the page shows the client’s own, and the default, in both themes', async () => {
    await expectAxeClean(page, `${origin}/access`);
    await page.getByText('The client’s own rules').waitFor();
    await page.getByText('No rule matched: denied.').waitFor();
    await page.getByText('Nothing was denied').waitFor();
    expect(await allowed('plant/7/set')).toBe(true);
  });

  test('a rule made in the dialog forbids a device that is connected, and the denial is listed with it', async () => {
    await page.getByRole('button', { name: 'Add rule' }).click();
    await dialog().getByLabel('Clients', { exact: true }).selectOption('and');
    await dialog().getByLabel('Value of condition 1').fill('plant');
    await dialog().getByLabel('Topics').fill('plant/#/set');
    await expectAxeCleanNow(page);
    await dialog().getByRole('button', { name: 'Create' }).click();
    await dialog().getByText('no topic filter').waitFor();
    await dialog().getByLabel('Topics').fill('plant/+/set');
    await dialog().getByRole('button', { name: 'Create' }).click();
    await page.getByText('The rule is in force').waitFor();
    expect(await publish('plant/7/set')).toBe(NOT_AUTHORIZED);
    const row = page.getByRole('row', { name: /pump-7.*plant\/7\/set/ });
    await row.getByText('by a rule asked before the client’s own').waitFor();
    await expectAxeClean(page, `${origin}/access`);
  });

  test('the tester names the rule that decides', async () => {
    const form = page.locator('form').filter({ hasText: 'Topic or filter' });
    await form.getByLabel('Client ID').fill('pump-7');
    await form.getByLabel('Topic or filter').fill('plant/7/set');
    await form.getByRole('button', { name: 'Ask' }).click();
    await form.getByText('Asked of its open session.').waitFor();
    await form.getByText('by a rule asked before the client’s own').waitFor();
    await form.getByLabel('Topic or filter').fill('hall/1');
    await form.getByRole('button', { name: 'Ask' }).click();
    await form.getByText('by a rule of the client’s own').waitFor();
  });

  test('rules move by keyboard, past the client’s own too, and the order is in force', async () => {
    await page.getByRole('button', { name: 'Move the rule about plant/+/set down' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => allowed('plant/7/set'), { timeout: 5_000 }).toBe(true);
    // The button that moved it keeps the focus.
    await page.locator('[data-move$=" down"]:focus').waitFor();
    const up = page.getByRole('button', { name: 'Move the rule about plant/+/set up' });
    await up.and(page.locator('[aria-disabled="false"]')).press('Enter');
    await expect.poll(() => allowed('plant/7/set'), { timeout: 5_000 }).toBe(false);
    expect(await order()).toEqual(['plant/+/set']);
  });

  test('a rule is changed, removed and taken back', async () => {
    await page.getByRole('button', { name: 'Change the rule about plant/+/set' }).click();
    await dialog().getByLabel('Topics').fill('plant/+/set\nhall/#');
    await dialog().getByLabel('Comment').fill('devices report, they do not set');
    await dialog().getByRole('button', { name: 'Save' }).click();
    await page.getByText('devices report, they do not set').waitFor();
    expect(await allowed('hall/1')).toBe(false);
    await page.getByRole('button', { name: 'Remove the rule about plant/+/set' }).click();
    await page.getByText('The rule is removed').waitFor();
    await expect.poll(() => allowed('hall/1'), { timeout: 5_000 }).toBe(true);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(() => allowed('hall/1'), { timeout: 5_000 }).toBe(false);
    await expect.poll(order).toEqual(['plant/+/set', 'hall/#']);
    watched.expectClean();
  });
});
