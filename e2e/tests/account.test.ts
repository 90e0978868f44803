import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appOf } from '../support/authenticator-app.ts';
import { expectAxeClean, expectAxeCleanNow } from '../support/axe.ts';
import { becomeOwner, launchBrowser, watchedPage, type Watched } from '../support/browser.ts';
import { startServer, type Server } from '../support/server.ts';

const EMAIL = 'owner@example.com';
const PASSWORD = 'seven quiet herons at dusk';
const NEXT_PASSWORD = 'copper lantern over moss 8';

describe('one’s own account in the console', () => {
  let server: Server;
  let browser: Browser;
  let context: BrowserContext;
  let watched: Watched;
  let page: Page;
  let origin: string;
  let recovery: readonly string[] = [];
  const dialog = () => page.getByRole('dialog');
  const signInAt = async (where: Page, password: string): Promise<void> => {
    await where.getByLabel('E-mail').fill(EMAIL);
    await where.getByLabel('Password').fill(password);
    await where.getByRole('button', { name: 'Sign in' }).click();
  };
  beforeAll(async () => {
    server = await startServer({ console: true });
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    origin = new URL(server.setupLink()).origin;
    watched = await watchedPage(context, origin);
    ({ page } = watched);
    await becomeOwner(page, server.setupLink());
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  test('is reached from the menu of the account, and is clean in both themes', async () => {
    await page.getByRole('button', { name: 'Account of Olga Owner' }).click();
    await page.getByRole('menuitem', { name: 'Your account' }).click();
    await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
    await page.getByText('this one').waitFor();
    await expectAxeClean(page, `${origin}/settings/account`);
  });

  test('says what is wrong with a password while it is typed; a new one ends the other session', async () => {
    const other = await browser.newContext();
    const elsewhere = await other.newPage();
    await elsewhere.goto(`${origin}/login`);
    await signInAt(elsewhere, PASSWORD);
    await elsewhere.waitForURL(`${origin}/`);
    await elsewhere.goto(`${origin}/settings/limits`);
    await page.goto(`${origin}/settings/account`);
    await page.getByText('this one').waitFor();
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByLabel('New password').fill('Password2026!');
    await page.getByText('Among the passwords that are tried first.').waitFor();
    await page.getByLabel('New password').fill(NEXT_PASSWORD);
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('1 other session has ended.').waitFor();
    // The open page notices by itself, and keeps its place.
    await elsewhere.waitForURL(/\/login\?next=%2Fsettings%2Flimits/);
    await elsewhere.getByText('You are signed out. Sign in to go on where you were.').waitFor();
    await signInAt(elsewhere, NEXT_PASSWORD);
    await elsewhere.waitForURL(`${origin}/settings/limits`);
    await page.reload();
    await page.getByRole('button', { name: /^End the session of/ }).click();
    await page.getByText('The session has ended').waitFor();
    await elsewhere.waitForURL(/\/login\?next=%2Fsettings%2Flimits/);
    await other.close();
  });

  test('sets up an authenticator app with the key that the page shows, and tells recovery codes once', async () => {
    await page.getByRole('button', { name: 'Set up' }).click();
    await dialog()
      .getByRole('img', { name: /QR code/ })
      .waitFor();
    await expectAxeCleanNow(page);
    const secret = (await dialog().getByTestId('totp-secret').textContent()) ?? '';
    const app = appOf(secret.replaceAll(' ', ''));
    await dialog().getByLabel('Code that the app shows').fill(app());
    await dialog().getByRole('button', { name: 'Confirm' }).click();
    await dialog().getByText('They are shown only now').waitFor();
    recovery = await dialog().getByRole('listitem').allTextContents();
    expect(recovery).toHaveLength(10);
    await expectAxeCleanNow(page);
    await dialog().getByRole('button', { name: 'I have them' }).click();
    await page.getByText('10 recovery codes are left.').waitFor();
  });

  test('the sign-in asks for the code as its second step', async () => {
    await context.clearCookies();
    await page.goto(`${origin}/login`);
    await signInAt(page, NEXT_PASSWORD);
    await page.getByLabel('Code of the authenticator app').waitFor();
    await expectAxeCleanNow(page);
    await page.getByLabel('Code of the authenticator app').fill('000');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The code is wrong, or has been used.').waitFor();
    await page.getByLabel('Code of the authenticator app').fill(recovery[0] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${origin}/`);
    watched.expectClean();
  });

  test('an invitation is made, its link opened, and the account is there', async () => {
    await expectAxeClean(page, `${origin}/settings/users`);
    await page.getByRole('button', { name: 'Invite…' }).click();
    await dialog().getByLabel('E-mail').fill('guest@example.com');
    await dialog().getByRole('button', { name: 'Make the link' }).click();
    const link = (await dialog().locator('code').textContent()) ?? '';
    expect(link).toContain(`${origin}/invite#`);
    await dialog().getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('cell', { name: 'guest@example.com', exact: true }).waitFor();
    const other = await browser.newContext();
    const guest = await other.newPage();
    await guest.goto(link);
    await guest.getByLabel('Your name').fill('Grace Guest');
    await guest.getByLabel('Password').fill('walnut canoe at dawn 3');
    await expectAxeCleanNow(guest);
    await guest.getByRole('button', { name: 'Create account' }).click();
    await guest.waitForURL(`${origin}/`);
    await other.close();
    await page.reload();
    await page.getByText('Nobody is invited just now.').waitFor();
    await page.getByRole('cell', { name: 'guest@example.com', exact: true }).waitFor();
    watched.expectClean();
  });

  test('a far-reaching action asks who one is, and goes on once that is proved', async () => {
    const asked = { code: 'confirmation-needed', title: 'Prove again who you are', status: 403 };
    let refusals = 0;
    // As after ten minutes: the first call is refused as the API refuses it then, and the proof is the real one.
    await page.route('**/api/v1/api-keys', async (route) => {
      if (route.request().method() !== 'POST' || refusals > 0) return route.fallback();
      refusals += 1;
      return route.fulfill({ status: 403, contentType: 'application/problem+json', json: asked });
    });
    await page.goto(`${origin}/settings/api-keys`);
    await page.getByRole('button', { name: 'Create API key' }).first().click();
    await dialog().getByLabel('Name').fill('after a proof');
    await dialog().getByRole('button', { name: 'Create', exact: true }).click();
    const proof = page.getByRole('dialog', { name: 'Is it you?' });
    await proof.getByLabel('Code of the authenticator app').fill('111 111');
    await proof.getByRole('button', { name: 'Go on' }).click();
    await proof.getByText('The code is wrong, or has been used.').waitFor();
    await expectAxeCleanNow(page);
    await proof.getByLabel('Code of the authenticator app').fill(recovery[1] ?? '');
    await proof.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('after a proof is ready').waitFor();
  });

  test('the audit says when its chain was last verified', async () => {
    await page.goto(`${origin}/audit`);
    await page.getByText('The chain of hashes has not been verified yet.').waitFor();
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByText(/was intact when it was last verified/).waitFor();
    const row = page.getByRole('row').filter({ hasText: 'audit.verify' });
    await row.getByRole('cell').last().click();
    await page.getByRole('dialog', { name: 'Audit log verified' }).waitFor();
    await page.keyboard.press('Escape');
    // By its words, which the server does not know: the sign-ins between are gone, and it is still there.
    await page.getByRole('searchbox').fill('log verified');
    await page.getByRole('row').filter({ hasText: 'session.login' }).first().waitFor({ state: 'detached' });
    await row.waitFor();
    await page.getByRole('button', { name: 'Yesterday' }).click();
    await row.waitFor({ state: 'detached' });
  });
});
