import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAxeClean } from '../support/axe.ts';
import { becomeOwner, launchBrowser } from '../support/browser.ts';
import { settled } from '../support/settled.ts';
import { startServer, type Server } from '../support/server.ts';
import { FAILED_REQUEST, startStandingConsole, type StandingConsole } from '../support/standing-console.ts';
import { inTabs } from '../support/tabs.ts';

const VIEWER = {
  email: 'vera@example.com',
  name: 'Vera Viewer',
  role: 'viewer',
  password: 'four calm rivers in May',
} as const;
const FORBIDDEN = 'Your role does not allow this';
/** Pages that are a form alone: they read nothing before something is sent. */
const FORMS = ['/try', '/messages'];
/** Pages that are text alone. */
const TEXTS = ['/help'];
/** Pages that no entry of the menu leads to. */
const BESIDE = ['/credentials/new', '/authentication/new'];
/** What a viewer may not even see. */
const CLOSED_TO_VIEWERS = [
  ...FORMS,
  ...BESIDE,
  '/retained',
  '/audit',
  '/settings/api-keys',
  '/settings/users',
];

describe('every page where it cannot show what it is for', () => {
  let server: Server;
  let house: StandingConsole;
  let browser: Browser;
  let page: Page;
  let pages: readonly string[];
  const main = (tab: Page) => tab.locator('main').first();
  /** The pages of which it is so, looked at in tabs of the one who is signed in. */
  const pagesWhere = async (
    paths: readonly string[],
    isSo: (tab: Page) => Promise<boolean>,
  ): Promise<readonly string[]> => {
    const answers = await inTabs(page.context(), house.origin, paths, (tab) => isSo(tab.page));
    return paths.filter((_path, index) => answers[index]);
  };

  beforeAll(async () => {
    server = await startServer({ console: true });
    const link = new URL(server.setupLink());
    house = await startStandingConsole(server.ports.api, link.origin);
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    await becomeOwner(page, `${house.origin}${link.pathname}${link.hash}`);
    await page.goto(`${house.origin}/credentials`);
    const links = page.locator('nav a[href^="/"]');
    await links.first().waitFor();
    const hrefs = await Promise.all((await links.all()).map((link) => link.getAttribute('href')));
    pages = [...new Set(hrefs.filter((href) => href !== null))];
  });
  afterAll(async () => {
    await browser.close();
    await house.stop();
    await server.stop();
  });

  test('says so in words, with the id of the request, when nothing can be read from the start', async () => {
    expect(pages.length).toBeGreaterThan(15);
    house.fail(true);
    const readers = pages.filter((one) => !FORMS.includes(one) && !TEXTS.includes(one));
    const silent = await pagesWhere(readers, async (tab) => {
      const told = main(tab).getByText(FAILED_REQUEST).first();
      return told.waitFor({ timeout: 15_000 }).then(
        () => false,
        () => true,
      );
    });
    house.fail(false);
    expect(silent).toEqual([]);
  }, 240_000);

  test('the page of components stands where the console is built, in both themes, and nowhere else', async () => {
    await expectAxeClean(page, `${house.origin}/dev/components`);
    await page.getByRole('button', { name: 'Drawer', exact: true }).click();
    await page.getByRole('dialog', { name: 'A title' }).waitFor();
    // Cookies know no ports: the same session, on the console that the server itself has started.
    const product = await page.goto(new URL('/dev/components', server.setupLink()).href);
    expect(product?.status()).toBe(404);
  });

  test('says that the role does not allow it, and shows the others, to a viewer', async () => {
    await page.goto(`${house.origin}/settings/users`);
    await page.getByRole('button', { name: 'Create user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail').fill(VIEWER.email);
    await dialog.getByLabel('Name').fill(VIEWER.name);
    await dialog.getByLabel('Role').selectOption(VIEWER.role);
    await dialog.locator('input[type=password]').fill(VIEWER.password);
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.context().clearCookies();
    await page.goto(`${house.origin}/login`);
    await page.getByLabel('E-mail').fill(VIEWER.email);
    await page.locator('input[type=password]').fill(VIEWER.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
    const forbidden = await pagesWhere([...pages, ...BESIDE], async (tab) => {
      await settled(tab);
      return (await main(tab).getByText(FORBIDDEN).count()) > 0;
    });
    expect(forbidden.toSorted()).toEqual(CLOSED_TO_VIEWERS.toSorted());
  }, 240_000);
});
