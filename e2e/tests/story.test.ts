import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAxeClean } from '../support/axe.ts';
import { becomeOwner, launchBrowser, watchedPage, type Watched } from '../support/browser.ts';
import { mosquittoPub, mqttJs, paho } from '../support/clients.ts';
import { runProgram, startServer, type Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const VISIBLE_MS_MAX = 5_000; // the bench measures the second that users are promised; a test only guards the order

/** The README's story, as its reader would live it: one server, one browser, real devices. */
describe('a device is refused, seen, understood, and let in', () => {
  let server: Server;
  let browser: Browser;
  let context: BrowserContext;
  let watched: Watched;
  let page: Page;
  let origin: string;

  beforeAll(async () => {
    server = await startServer({ console: true });
    browser = await launchBrowser();
    context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    origin = new URL(server.setupLink()).origin;
    watched = await watchedPage(context, origin);
    page = watched.page;
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  const refuse = async (clientId: string): Promise<void> => {
    const result = await mosquittoPub(server.ports.tcp, { clientId, username: clientId, password: 'wrong' });
    expect(result.code).not.toBe(0);
  };
  const rowOf = (clientId: string): Locator =>
    page.locator('tr[data-row]').filter({ hasText: clientId }).first();
  const openDrawer = async (clientId: string): Promise<Locator> => {
    await rowOf(clientId)
      .getByRole('button', { name: /show reason/i })
      .first()
      .click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Likely cause').waitFor();
    return drawer;
  };

  test('the printed setup link makes the owner account, once', async () => {
    await becomeOwner(page, server.setupLink());
    const again = await context.newPage();
    await context.clearCookies();
    await again.goto(server.setupLink());
    await again.getByLabel('E-mail').fill('second@example.com');
    await again.getByLabel('Your name').fill('Second');
    await again.locator('input[type=password]').last().fill('seven quiet herons at dusk');
    await again.locator('form button[type=submit]').click();
    await again.getByText(/used, expired or wrong|owner already/).waitFor();
    await again.close();
  });

  test('the owner signs in with e-mail and password', async () => {
    await page.goto(`${origin}/login`);
    await page.getByLabel('E-mail').fill('owner@example.com');
    await page.locator('input[type=password]').fill('seven quiet herons at dusk');
    await page.locator('form button[type=submit]').click();
    await page.waitForURL((url) => url.pathname === '/' || url.pathname === '/start');
  });

  test('a device refused by mosquitto_pub is at the top of the open page by itself', async () => {
    await page.goto(`${origin}/unauthorized`);
    await page.getByRole('heading', { name: 'Unauthorized clients' }).waitFor();
    await refuse('other-device');
    await rowOf('other-device').waitFor();
    await refuse('pump-7');
    await page
      .locator('tr[data-row]')
      .first()
      .filter({ hasText: 'pump-7' })
      .waitFor({ timeout: VISIBLE_MS_MAX });
    for (const column of ['Last update', 'Client ID', 'Username', 'Password', 'TLS', 'Client IP', 'Reason']) {
      await page.getByRole('columnheader', { name: column }).first().waitFor();
    }
    expect(await rowOf('pump-7').textContent()).toContain('No credentials found');
  });

  test('the drawer says cause, fix and trace, and creates a credential whose ready command connects', async () => {
    const drawer = await openDrawer('pump-7');
    await drawer.getByText('How to fix').waitFor();
    await drawer.getByText('BASIC_NO_CREDENTIALS').first().waitFor();
    await drawer.getByText('builtin').first().waitFor();
    await drawer.getByRole('button', { name: 'Create credential from this attempt' }).click();
    await page.getByRole('button', { name: 'Create credential', exact: true }).click();

    const command = await until('the ready command is shown', async () => {
      const codes = await page.locator('pre, code').allTextContents();
      return codes.find((text) => text.includes('mosquitto_pub') && text.includes('pump-7'));
    });
    const ran = await runProgram('bash', ['-c', command]);
    expect(ran.stderr).toBe('');
    expect(ran.code).toBe(0);
    await page.getByText('The client got in: its row is resolved.').waitFor();
  });

  test('the resolved row has left the list, and is there among the resolved', async () => {
    await page.goto(`${origin}/unauthorized`);
    await rowOf('other-device').waitFor();
    expect(await rowOf('pump-7').count()).toBe(0);
    await page.goto(`${origin}/unauthorized?state=resolved`);
    await rowOf('pump-7').waitFor();
  });

  test('a pasted link shows the same filter, sort and rows', async () => {
    await refuse('valve-1');
    await refuse('valve-2');
    await page.goto(`${origin}/unauthorized`);
    await page
      .getByRole('searchbox')
      .or(page.getByLabel(/^Search client ID/))
      .first()
      .fill('valve');
    await rowOf('other-device').waitFor({ state: 'detached' });
    await page.getByRole('columnheader', { name: 'Client ID' }).getByRole('button').first().click();
    await until('the sort is in the address', () => (page.url().includes('clientId') ? true : undefined));
    const shown = await page.locator('tr[data-row]').allTextContents();
    const other = await context.newPage();
    await other.goto(page.url());
    await other.locator('tr[data-row]').first().waitFor();
    expect((await other.locator('tr[data-row]').allTextContents()).length).toBe(shown.length);
    await other.close();
  });

  test('delete one, undo; delete all names the count, undo brings all back', async () => {
    await page.goto(`${origin}/unauthorized`);
    await rowOf('valve-1').waitFor();
    const before = await page.locator('tr[data-row]').count();
    await rowOf('valve-1').hover();
    await rowOf('valve-1')
      .getByRole('button', { name: /^Delete/ })
      .click();
    await page.getByRole('button', { name: /^Yes, delete/ }).click();
    await rowOf('valve-1').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await rowOf('valve-1').waitFor();

    await page.getByRole('button', { name: /^Delete all/ }).click();
    await page.getByRole('dialog').or(page.getByRole('alertdialog')).getByText(/\d/).first().waitFor();
    await page.getByRole('button', { name: /^Yes, delete/ }).click();
    await page.getByText(/No refused client on record|Nothing matches/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await rowOf('valve-1').waitFor();
    expect(await page.locator('tr[data-row]').count()).toBe(before);
  });

  test('MQTT.js and Python paho are refused with the codes of the catalogue and then let in', async () => {
    const added = await server.cli(['credentials', 'add', '--username', 'gateway-9', '--json']);
    const { secret } = JSON.parse(added.stdout) as { secret: string };
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const device = { clientId: 'gateway-9', username: 'gateway-9' };
    expect((await mqttJs(url, { ...device, password: 'wrong', protocolVersion: 5 })).code).toBe(0x86);
    expect(await paho(server.ports.tcp, { ...device, password: 'wrong' })).toBe(4);
    expect(await paho(server.ports.tcp, { ...device, password: secret }, 5)).toBe(0);
    const ws = await mqttJs(`ws://127.0.0.1:${String(server.ports.ws)}/mqtt`, {
      ...device,
      password: secret,
    });
    expect(ws.code).toBe(0);
    await ws.client.endAsync();
  });

  test.each([
    '/',
    '/unauthorized',
    '/credentials',
    '/credentials/new',
    '/start',
    '/try',
    '/audit',
    '/settings/api-keys',
    '/settings/users',
  ])('%s is axe clean in both themes and keeps to its own origin and policy', async (path) => {
    await expectAxeClean(page, `${origin}${path}`);
    watched.expectClean();
  });
});
