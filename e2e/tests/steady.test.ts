import { rmSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { consoleAsOwner } from '../support/browser.ts';
import { mqttJs } from '../support/clients.ts';
import { deadPort } from '../support/emqx-backends.ts';
import { startServer, type Server } from '../support/server.ts';

const API = '/api/v1';

describe('a console that is used in haste', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let origin: string;
  const dialog = () => page.getByRole('dialog').last();
  const button = (name: string) => page.getByRole('button', { name, exact: true }).first();

  beforeAll(async () => {
    server = await startServer({ console: true });
    ({ browser, page, origin } = await consoleAsOwner(server));
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  /** Clicks twice while the server has not answered yet; the writes of this kind that were sent. */
  async function writesOfTwoClicks(
    target: Locator,
    method: string,
    path: string,
  ): Promise<readonly string[]> {
    const sent: string[] = [];
    let release = (): void => undefined;
    const bothClicked = new Promise<void>((resolve) => {
      release = resolve;
    });
    const pattern = `**${API}${path}`;
    await page.route(pattern, async (route) => {
      if (route.request().method() === method) {
        sent.push(`${method} ${path}`);
        await bothClicked;
      }
      await route.continue();
    });
    const answered = page.waitForResponse(
      (response) =>
        response.request().method() === method &&
        response.url().includes(`${API}${path.split('*')[0] ?? ''}`),
    );
    await target.dblclick();
    release();
    expect((await answered).ok()).toBe(true);
    await page.unroute(pattern);
    return sent;
  }

  const CASES: readonly (readonly [
    what: string,
    method: string,
    path: string,
    open: () => Promise<Locator>,
  ])[] = [
    [
      'a credential is made',
      'POST',
      '/credentials',
      async () => {
        await page.goto(`${origin}/credentials/new?username=once`);
        return button('Create credential');
      },
    ],
    [
      'an API key is made',
      'POST',
      '/api-keys',
      async () => {
        await page.goto(`${origin}/settings/api-keys`);
        await button('Create API key').click();
        await dialog().getByLabel('Name').fill('once');
        return dialog().getByRole('button', { name: 'Create', exact: true });
      },
    ],
    [
      'a client is blocked',
      'POST',
      '/blocked-clients',
      async () => {
        await page.goto(`${origin}/blocked`);
        await button('Block clients').click();
        await dialog().getByLabel('Value').fill('once');
        return dialog().getByRole('button', { name: 'Block', exact: true });
      },
    ],
    [
      'an access rule is made',
      'POST',
      '/acl-rules',
      async () => {
        await page.goto(`${origin}/access`);
        await button('Add rule').click();
        await dialog().getByLabel('Topics').fill('once/#');
        return dialog().getByRole('button', { name: 'Create' });
      },
    ],
    [
      'an access rule is removed',
      'DELETE',
      '/acl-rules/*',
      () => Promise.resolve(button('Remove the rule about once/#')),
    ],
    ['and taken back', 'POST', '/acl-rules', () => Promise.resolve(button('Undo'))],
    [
      'an alert rule is made',
      'POST',
      '/alert-rules',
      async () => {
        await page.goto(`${origin}/alerts`);
        await button('A reason never seen before').click();
        return dialog().getByRole('button', { name: 'Create', exact: true });
      },
    ],
  ];

  test.each(CASES)('a double click does once what it does: %s', async (_what, method, path, open) => {
    expect(await writesOfTwoClicks(await open(), method, path)).toEqual([`${method} ${path}`]);
  });
});

describe('a console whose server is lost', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let origin: string;
  let set: readonly string[];

  beforeAll(async () => {
    set = [`console.port=${String(await deadPort())}`, `listeners.tcp.port=${String(await deadPort())}`];
    server = await startServer({ console: true, set });
    ({ browser, page, origin } = await consoleAsOwner(server));
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    rmSync(server.dataDir, { recursive: true, force: true });
  });

  const refuse = async (clientId: string): Promise<void> => {
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const { client } = await mqttJs(url, { clientId, username: clientId, password: 'wrong' });
    await client.endAsync(true);
    await new Api(server).row(`clientId=${clientId}`);
  };

  test('says that it is, keeps what was read, and goes on by itself when the server is back', async () => {
    await refuse('before');
    await page.goto(`${origin}/unauthorized`);
    await page.getByRole('row', { name: /before/ }).waitFor();
    // What comes after the rows is there too.
    await page.getByRole('group', { name: 'Filters' }).waitFor();
    const lost = page
      .locator('main')
      .getByRole('status')
      .filter({ hasText: 'The server does not answer. What you see is from' });
    const { dataDir } = server;
    await server.kill('SIGKILL');
    await lost.first().waitFor();
    expect(await page.getByRole('row', { name: /before/ }).count()).toBe(1);
    server = await startServer({ console: true, set, dataDir });
    await lost.first().waitFor({ state: 'detached' });
    await refuse('after');
    await page.getByRole('row', { name: /after/ }).waitFor();
  });

  const partMissing = () =>
    page.getByRole('region', { name: 'Notifications' }).getByText('A part of this page could not be loaded');
  const openBlocked = async () => {
    await page.goto(`${origin}/blocked`);
    const open = page.getByRole('button', { name: 'Block clients' }).first();
    await open.waitFor();
    return open;
  };

  test('says that a part of the page is missing that was asked for meanwhile, and brings it when the server is back', async () => {
    const open = await openBlocked();
    const { dataDir } = server;
    await server.kill('SIGKILL');
    await open.click();
    await partMissing().waitFor();
    // The page is still there, and asks as often as one likes.
    await page.getByRole('button', { name: 'Try again' }).click();
    await partMissing().waitFor();
    expect(await open.isVisible()).toBe(true);
    server = await startServer({ console: true, set, dataDir });
    await page.getByRole('dialog').waitFor();
    await partMissing().waitFor({ state: 'detached' });
  });

  test('says that a part is gone that an updated server no longer has, and breaks nothing', async () => {
    const open = await openBlocked();
    await page.route('**/_next/static/chunks/*.js', (route) => route.fulfill({ status: 404, body: '' }));
    await open.click();
    await partMissing().waitFor();
    await page.getByText('The server has none like it any more').waitFor();
    expect(await open.isVisible()).toBe(true);
    await page.unroute('**/_next/static/chunks/*.js');
    await page.getByRole('button', { name: 'Load it anew' }).click();
    await partMissing().waitFor({ state: 'detached' });
    await open.click();
    await page.getByRole('dialog').waitFor();
  });
});
