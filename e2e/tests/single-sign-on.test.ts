import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  listen,
  PROVIDER_CA,
  startProvider,
  type TestProvider,
} from '../../apps/server/test/support/oidc-provider.ts';
import { expectAxeClean, expectAxeCleanNow } from '../support/axe.ts';
import { becomeOwner, launchBrowser } from '../support/browser.ts';
import { startServer, type Server } from '../support/server.ts';

/** A port that was free a moment ago: the provider has to know the console's address before it listens. */
async function freePort(): Promise<number> {
  const { origin, stop } = await listen(() => () => undefined);
  await stop();
  return Number(new URL(origin).port);
}

describe('single sign-on in the console', () => {
  let provider: TestProvider;
  let server: Server;
  let browser: Browser;
  let owner: Page;
  let person: Page;
  let origin: string;
  /** Holds the certificate of the provider's CA. */
  let trust: string;
  const atProvider = async (page: Page, subject: string): Promise<void> => {
    await page.locator('input[name=login]').fill(subject);
    await page.locator('input[name=password]').fill('any');
    await page.locator('button[type=submit]').click();
  };
  beforeAll(async () => {
    const port = await freePort();
    trust = mkdtempSync(join(tmpdir(), 'gatehouse-sso-'));
    writeFileSync(join(trust, 'ca.crt'), PROVIDER_CA);
    origin = `http://127.0.0.1:${port}`;
    provider = await startProvider([`${origin}/sso/callback`]);
    provider.people.set('grace', {
      email: 'grace@example.com',
      email_verified: true,
      name: 'Grace Operator',
      groups: ['mqtt-admins'],
    });
    provider.people.set('eve', { email: 'eve@example.com', email_verified: true, groups: ['sales'] });
    server = await startServer({
      console: true,
      set: [
        `console.port=${port}`,
        `console.oidc.issuer=${provider.issuer}`,
        `console.oidc.ca=${join(trust, 'ca.crt')}`,
        `console.oidc.client_id=${CLIENT_ID}`,
        `console.oidc.client_secret=${CLIENT_SECRET}`,
        'console.oidc.label=Example ID',
        'console.oidc.accounts=auto',
        'console.oidc.roles={mqtt-admins: admin, mqtt-staff: operator}',
      ],
    });
    browser = await launchBrowser();
    owner = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await becomeOwner(owner, server.setupLink());
    person = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await provider.stop();
    rmSync(trust, { recursive: true, force: true });
  });

  test('leads to the provider and back to the page one came for, and leaves nothing in the address', async () => {
    await expectAxeClean(person, `${origin}/login`);
    await person.goto(`${origin}/login?next=${encodeURIComponent('/settings/account')}`);
    await person.getByRole('button', { name: 'Sign in with Example ID' }).click();
    await atProvider(person, 'grace');
    await person.waitForURL(`${origin}/settings/account`);
    await person.getByText('You sign in there only').waitFor();
    expect(await person.getByText('Current password').count()).toBe(0);
    await expectAxeCleanNow(person);
    await person.goBack();
    expect(person.url()).not.toContain('code=');
  });

  test('a dangerous action asks at the provider in another tab, and goes on by itself', async () => {
    const asked = { code: 'confirmation-needed', title: 'Prove again who you are', status: 403 };
    let refusals = 0;
    // As after ten minutes: the first call is refused as the API refuses it then, and the proof is the real one.
    await person.route('**/api/v1/api-keys', async (route) => {
      if (route.request().method() !== 'POST' || refusals > 0) return route.fallback();
      refusals += 1;
      return route.fulfill({ status: 403, contentType: 'application/problem+json', json: asked });
    });
    await person.goto(`${origin}/settings/api-keys`);
    await person.getByRole('button', { name: 'Create API key' }).first().click();
    await person.getByRole('dialog').getByLabel('Name').fill('of grace');
    await person.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
    const asking = person.getByRole('dialog', { name: 'Is it you?' });
    await asking.getByText('Sign in at the identity provider once more.').waitFor();
    await expectAxeCleanNow(person);
    const opened = person.context().waitForEvent('page');
    await asking.getByRole('button', { name: 'Sign in at the provider' }).click();
    await atProvider(await opened, 'grace');
    await person.getByText('of grace is ready').waitFor();
  });

  test('says in words why somebody has no place here', async () => {
    const stranger = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await stranger.goto(`${origin}/login`);
    await stranger.getByRole('button', { name: 'Sign in with Example ID' }).click();
    await atProvider(stranger, 'eve');
    await stranger.getByRole('alert').getByText('it gives you no role here').waitFor();
    expect(stranger.url()).toBe(`${origin}/sso/callback`);
    await expectAxeCleanNow(stranger);
    await stranger.getByRole('link', { name: 'Back to the sign-in' }).click();
    await stranger.getByLabel('Password').waitFor();
  });

  test('an owner sees the provider and its state, links the own account, and leaves passwords to owners', async () => {
    await expectAxeClean(owner, `${origin}/settings/users`);
    await owner.getByText(`${origin}/sso/callback`).waitFor();
    await owner.getByText('answers', { exact: true }).waitFor();
    await owner.getByText('mqtt-admins').waitFor();
    await owner.getByRole('switch', { name: 'Only owners sign in with a password' }).click();
    await owner.getByText('Who may use a password is changed').waitFor();
    await owner.goto(`${origin}/settings/account`);
    provider.people.set('olga', {
      email: 'owner@example.com',
      email_verified: true,
      groups: ['mqtt-admins'],
    });
    await owner.getByRole('button', { name: 'Link with Example ID' }).click();
    await atProvider(owner, 'olga');
    await owner.waitForURL(`${origin}/settings/account`);
    await owner.getByText('linked', { exact: true }).waitFor();
    await expectAxeCleanNow(owner);
  });

  test('a provider that is down is said so, and the owner’s password still signs in', async () => {
    await provider.stop();
    const later = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await later.goto(`${origin}/login`);
    await later.getByLabel('E-mail').fill('owner@example.com');
    await later.getByLabel('Password').fill('seven quiet herons at dusk');
    await later.getByRole('button', { name: 'Sign in', exact: true }).click();
    await later.waitForURL(`${origin}/`);
    await later.goto(`${origin}/settings/users`);
    await later.getByText('does not answer', { exact: true }).waitFor();
  });
});
