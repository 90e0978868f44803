import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { becomeOwner, launchBrowser, watchedPage, type Watched } from '../support/browser.ts';
import { settled } from '../support/settled.ts';
import { startServer, type Server } from '../support/server.ts';
import { startStandingConsole, type StandingConsole } from '../support/standing-console.ts';
import { inTabs } from '../support/tabs.ts';

/** Pages that no entry of the menu leads to. */
const BESIDE = ['/credentials/new', '/authentication/new', '/no-such-page'];
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };

/** In the page: text with plain letters that is neither in the brackets of a made-up language nor marked as data, code or another language. */
const UNTRANSLATED = `(() => {
  const isData = 'bdi, code, pre, kbd, time, .mono, .nums, [translate="no"], body [lang], svg, script, style, option';
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || element.closest(isData) !== null || !element.checkVisibility()) continue;
    const text = node.textContent;
    const isOurs = /[~\\[\\]]/.test(text) || /[\u00e0-\u01f5]/i.test(text);
    if (/[A-Za-z]{3}/.test(text) && !isOurs) found.add(text.trim());
  }
  return [...found];
})()`;

/** In the page: how wide it is, once it is drawn at the size that it has been given. */
const DRAWN_WIDTH = `new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => done(document.documentElement.scrollWidth)));
})`;

describe('every page in languages made for tests', () => {
  let server: Server;
  let house: StandingConsole;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let watched: Watched;
  /** Each page, loaded once. */
  let seen: readonly {
    readonly path: string;
    readonly texts: readonly string[];
    readonly phoneWidth: number;
  }[];

  const speak = (locale: string) =>
    context.addCookies([{ name: 'gatehouse-locale', value: locale, url: house.origin }]);
  const visit = async (path: string): Promise<void> => {
    await page.goto(`${house.origin}${path}`);
    await settled(page);
  };

  beforeAll(async () => {
    server = await startServer({ console: true });
    const link = new URL(server.setupLink());
    house = await startStandingConsole(server.ports.api, link.origin);
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: WIDE, locale: 'en-GB', timezoneId: 'Asia/Kolkata' });
    watched = await watchedPage(context, house.origin);
    ({ page } = watched);
    await becomeOwner(page, `${house.origin}${link.pathname}${link.hash}`);
    await page.goto(`${house.origin}/credentials`);
    const links = page.locator('nav a[href^="/"]');
    await links.first().waitFor();
    const hrefs = await Promise.all((await links.all()).map((each) => each.getAttribute('href')));
    const pages = [...new Set(hrefs.filter((href) => href !== null)), ...BESIDE];
    await speak('ar-XB');
    seen = await inTabs(context, house.origin, pages, async (tab, path) => {
      await tab.page.setViewportSize(WIDE);
      await settled(tab.page);
      tab.expectClean();
      const texts = await tab.page.evaluate<readonly string[]>(UNTRANSLATED);
      await tab.page.setViewportSize(NARROW);
      const phoneWidth = await tab.page.evaluate<number>(DRAWN_WIDTH);
      return { path, texts, phoneWidth };
    });
  }, 240_000);
  afterAll(async () => {
    watched.expectClean();
    await browser.close();
    await house.stop();
    await server.stop();
  });

  test('no text is written by hand, and no page asks another origin, breaks a policy or throws', () => {
    expect(seen.length).toBeGreaterThan(15);
    const left = seen.map(({ path, texts }) => ({ path, texts }));
    expect(left.filter(({ texts }) => texts.length > 0)).toEqual([]);
  });

  test('on a phone no page is wider than the screen from right to left, in a language that is longer than English', () => {
    const wider = seen.map(({ path, phoneWidth }) => ({ path, phoneWidth }));
    expect(wider.filter(({ phoneWidth }) => phoneWidth !== NARROW.width)).toEqual([]);
  });

  test('from right to left the menu stands at the right', async () => {
    await speak('ar-XB');
    await visit('/credentials');
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    const side = await page.locator('aside').first().boundingBox();
    expect(side?.x).toBeGreaterThan(WIDE.width / 2);
  }, 60_000);

  test('the language of the browser is spoken until another is chosen in the menu, on the first byte', async () => {
    const german = await browser.newContext({ viewport: WIDE, locale: 'de-AT' });
    await german.addCookies((await context.cookies()).filter(({ name }) => !name.startsWith('gatehouse-')));
    const tab = await german.newPage();
    await tab.goto(`${house.origin}/credentials`);
    await tab.getByRole('heading', { level: 1, name: 'Credentials' }).waitFor();
    await tab.getByRole('link', { name: 'Zugriffsregeln' }).waitFor();
    const first = await tab.goto(`${house.origin}/access`);
    expect(await first?.text()).toMatch(/<html lang="de" dir="ltr"/);
    await tab.getByRole('button', { name: 'Konto von Olga Owner' }).click();
    await tab.getByRole('menuitemcheckbox', { name: 'English' }).click();
    await tab.getByRole('link', { name: 'Access rules' }).waitFor();
    expect(await (await tab.goto(`${house.origin}/access`))?.text()).toMatch(/<html lang="en"/);
    await german.close();
  }, 60_000);

  test('what the server says is told in the language of the page', async () => {
    await new Api(server).call('POST', '/credentials', { type: 'basic', name: 'zwei', username: 'zwei' });
    await speak('de');
    await visit('/credentials/new?username=zwei');
    await page.getByRole('button', { name: 'Credential anlegen', exact: true }).click();
    await page.getByText('Das Credential „zwei“ hat diese Identität.').waitFor();
  }, 60_000);

  test('times are told by the browser’s clock until another is chosen', async () => {
    await speak('en');
    await visit('/audit');
    const told = () => page.locator('time[data-tip]').first().getAttribute('data-tip');
    expect(await told()).toMatch(/GMT\+5:30$/);
    await page.getByRole('button', { name: 'Account of Olga Owner' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'UTC' }).click();
    expect(await told()).toMatch(/UTC$/);
    await visit('/audit');
    expect(await told()).toMatch(/UTC$/);
  }, 60_000);
});
