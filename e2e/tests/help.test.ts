import type { UnauthorizedClientDetailDto, UnauthorizedPage } from '@gatehouse/contract';
import { connect, type MqttClient } from 'mqtt';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { expectAxeClean, expectAxeCleanNow } from '../support/axe.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { mqttJs } from '../support/clients.ts';
import { settled } from '../support/settled.ts';
import { startServer, type Server } from '../support/server.ts';
import { inTabs } from '../support/tabs.ts';
import { until } from '../support/until.ts';

/** What somebody finds who does not know their way: keys, guides, and the palette. */
describe('help in the console', () => {
  let server: Server;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;
  let device: MqttClient;
  let refused: UnauthorizedClientDetailDto;
  const dialog = (): Locator => page.getByRole('dialog');
  const visit = async (path: string): Promise<void> => {
    await page.goto(`${origin}${path}`);
    await settled(page);
  };
  const keysOf = (title: string): Promise<string[]> =>
    dialog()
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: title, exact: true }) })
      .locator('dd')
      .allInnerTexts();

  beforeAll(async () => {
    server = await startServer({ console: true });
    await server.cli(['credentials', 'add', '--username', 'boiler-room', '--password-stdin'], 'seven herons');
    ({ browser, watched, page, origin } = await consoleAsOwner(server));
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    device = connect(url, { clientId: 'live-pump', username: 'boiler-room', password: 'seven herons' });
    await new Promise((resolve) => device.once('connect', resolve));
    const { client } = await mqttJs(url, {
      clientId: 'lost-pump',
      username: 'nobody',
      password: 'x',
      protocolVersion: 5,
    });
    await client.endAsync(true);
    const api = new Api(server);
    const row = await until(
      'the refusal on record',
      async () => (await api.ok<UnauthorizedPage>('GET', '/unauthorized-clients')).items[0],
    );
    refused = await api.ok('GET', `/unauthorized-clients/${row.id}`);
  });
  afterAll(async () => {
    await device.endAsync(true);
    await browser.close();
    await server.stop();
  });

  test('? shows the keys of the page that is open, and those that work everywhere', async () => {
    await visit('/unauthorized');
    await page.keyboard.press('?');
    await dialog().waitFor();
    expect(await keysOf('On this page')).toEqual(['/', 'F', 'J', 'R', '↑\n↓', 'Enter', 'X', 'Del', 'Z', 'C']);
    expect(await keysOf('Everywhere')).toEqual(['Ctrl\nK', '?', 'Esc']);
    await expectAxeCleanNow(page);
    await page.keyboard.press('Escape');
    await visit('/credentials');
    await page.keyboard.press('?');
    await dialog().waitFor();
    expect(await keysOf('On this page')).toEqual(['/']);
    await page.keyboard.press('Escape');
    await visit('/start');
    await page.keyboard.press('?');
    expect(await keysOf('On this page')).toEqual([]);
    await dialog().getByText('This page has no keys of its own.').waitFor();
    await page.keyboard.press('Escape');
  });

  test('every page says in a sentence what it is, and leads to its guide', async () => {
    await visit('/');
    const links = page.locator('nav a[href^="/"]');
    const hrefs = await Promise.all((await links.all()).map((each) => each.getAttribute('href')));
    const pages = [...new Set(hrefs), '/settings/account', `/unauthorized/${refused.id}`].flatMap((href) =>
      href === null || href === '/help' ? [] : [href],
    );
    expect(pages.length).toBeGreaterThan(18);
    await inTabs(page.context(), origin, pages, async (tab, path) => {
      await settled(tab.page);
      const header = tab.page.locator('main header').first();
      const guide = header.getByRole('link', { name: 'Guide' });
      const about = await guide.locator('..').innerText();
      expect(about.replace(/\s*Guide$/, ''), path).toMatch(/\w+ \w+.*[.?]/);
      const answer = await page.request.get(`${origin}${(await guide.getAttribute('href')) ?? ''}`);
      expect(answer.status(), path).toBe(200);
      tab.expectClean();
    });
    watched.expectClean();
  });

  test('a guide leads on to others and to what a reason means; one that is not there is told', async () => {
    await visit('/access');
    await page.locator('main').getByRole('link', { name: 'Guide' }).click();
    await page.getByRole('heading', { level: 1, name: 'Access rules' }).waitFor();
    await page.getByRole('link', { name: 'All guides' }).click();
    await page.getByRole('heading', { level: 1, name: 'Guides' }).waitFor();
    await page.getByRole('link', { name: /^Client certificates/ }).click();
    await page.locator('article').waitFor();
    await page.locator('article a[href="/help/reasons/X509_NO_RULES_FOR_CN"]').first().click();
    await page.getByRole('heading', { level: 1, name: 'No authorization rules for CN' }).waitFor();
    watched.expectClean();
    const missing = await page.goto(`${origin}/help/no-such-guide`);
    expect(missing?.status()).toBe(404);
    await page.getByRole('heading', { name: 'No such page' }).waitFor();
  });

  test('guides and their list break no rule of WCAG 2.2 AA in either theme, and fit 390 pixels', async () => {
    await expectAxeClean(page, `${origin}/help`);
    await expectAxeClean(page, `${origin}/help/authentication/x509`);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/help', '/help/authentication/x509', '/help/reference/configuration']) {
      await visit(path);
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test.each([
    ['an attempt by its reference', () => refused.ref, /lost-pump/, () => `/unauthorized/${refused.id}`],
    ['a session', () => 'live-pu', /live-pump/, () => '/clients?open=live-pump'],
    ['a credential', () => 'boiler', /^boiler-room/, () => '/credentials?open='],
    ['a page', () => 'blocked cl', /^Blocked clients$/, () => '/blocked'],
    ['one’s own page', () => 'your acc', /^Your account$/, () => '/settings/account'],
    ['a page by what it is for', () => 'who deleted', /^Audit log$/, () => '/audit'],
    ['a page by another word for it', () => 'mtls', /^Certificates$/, () => '/certificates'],
  ])('the palette finds %s', async (_what, text, name, address) => {
    await visit('/start');
    await page.keyboard.press('Control+k');
    await page.locator('[role=combobox]:focus').waitFor();
    await page.keyboard.type(text());
    await dialog().getByRole('option', { name }).first().click();
    await page.waitForURL((url) => `${url.pathname}${url.search}`.startsWith(address()));
    watched.expectClean();
  });
});
