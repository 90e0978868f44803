import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { expectAxeClean } from '../support/axe.ts';
import { becomeOwner, launchBrowser, watchedPage } from '../support/browser.ts';
import { connectPacket, mqttJs, rawBytes } from '../support/clients.ts';
import { startServer, type Server } from '../support/server.ts';

const guess = async (server: Server, name: string, password: string): Promise<number> => {
  const packet = connectPacket({ clientId: name, username: name, password });
  return (await rawBytes(server.ports.tcp, packet))[3] ?? -1;
};

describe('guessing and drafts in the console', () => {
  let server: Server;
  let api: Api;
  let browser: Browser;
  let page: Page;
  let origin: string;
  const dialog = () => page.getByRole('dialog');
  beforeAll(async () => {
    server = await startServer({ console: true });
    api = new Api(server);
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    origin = new URL(server.setupLink()).origin;
    ({ page } = await watchedPage(context, origin));
    await becomeOwner(page, server.setupLink());
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  test('who is paused is listed as automatic, and forgiven with one press', async () => {
    await api.createCredential({ name: 'seen', username: 'seen', password: 'right one 8' });
    for (let n = 0; n < 12; n += 1) await guess(server, 'seen', `guess-${n}`);
    await expectAxeClean(page, `${origin}/blocked`);
    const row = page.getByRole('row', { name: /seen/ });
    await row.getByText('automatic').waitFor();
    await row.getByRole('button', { name: /Forgive the failures of seen/ }).click();
    await page.getByText('Nobody is slowed').waitFor();
    const device = { clientId: 'seen', username: 'seen', password: 'right one 8' };
    const { code, client } = await mqttJs(`mqtt://127.0.0.1:${server.ports.tcp}`, device);
    expect(code).toBe(0);
    await client.endAsync(true);
  });

  test('a draft of a chain is tried in a dialog before it is saved, and the change reverted', async () => {
    await guess(server, 'nobody-known', 'any');
    await api.row('clientId=nobody-known');
    await expectAxeClean(page, `${origin}/authentication`);
    await page.getByRole('button', { name: 'Dry run…' }).click();
    await dialog().getByRole('button', { name: 'Take builtin out of the chain' }).click();
    await dialog().getByRole('button', { name: 'Run', exact: true }).click();
    await dialog().getByText('One client that was refused').waitFor();
    await dialog().getByRole('button', { name: 'Save the draft' }).click();
    await dialog().waitFor({ state: 'hidden' });
    expect(await api.ok('GET', '/chains/default')).toMatchObject({ steps: [], previous: ['builtin'] });
  });

  test('a revert asks first: what comes back, and whose change it undoes; and is itself undone by the toast', async () => {
    await page.getByRole('button', { name: 'Revert…' }).click();
    await dialog().getByText('Undoes the change that Olga Owner made').waitFor();
    await dialog().getByRole('row', { name: 'Steps, in order no authenticator 1. builtin' }).waitFor();
    expect(await api.ok('GET', '/chains/default')).toMatchObject({ steps: [] });
    await dialog().getByRole('button', { name: 'Revert', exact: true }).click();
    await dialog().waitFor({ state: 'hidden' });
    await page.getByText('The last change is reverted').waitFor();
    expect(await api.ok('GET', '/chains/default')).toMatchObject({ steps: ['builtin'] });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The change is in force again').waitFor();
    expect(await api.ok('GET', '/chains/default')).toMatchObject({ steps: [] });
    await api.ok('PUT', '/chains/default', { steps: ['builtin'] });
  });

  test.each([
    ['/authentication', '**/api/v1/authenticators*', 'Chain default'],
    ['/blocked', '**/api/v1/blocked-clients*', 'Slowed by failures'],
    ['/blocked', '**/api/v1/guessing*', 'Nobody is slowed'],
  ])('%s says that its rows are old when %s fails, and reads them again', async (path, failing, shown) => {
    await page.goto(`${origin}${path}`);
    await page.getByText(shown).first().waitFor();
    await page.route(failing, (route) => route.abort());
    const banner = page.getByText(/The server does not answer/).first();
    await banner.waitFor();
    await page.getByText(shown).first().waitFor();
    await page.unroute(failing);
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await banner.waitFor({ state: 'hidden' });
  });

  test('a network that somebody guesses from is named on the overview and with its incident, and blocked there', async () => {
    for (let n = 0; n < 6; n += 1) await guess(server, 'guessed', `guess-${n}`);
    await api.row('clientId=guessed');
    await page.goto(`${origin}/unauthorized?group=incident`);
    await page.getByText('Passwords are probably guessed from 127.0.0.0/24').waitFor();
    await expectAxeClean(page, `${origin}/`);
    await page.getByText('Somebody is probably guessing passwords').waitFor();
    await page.getByText('6 passwords and 1 username tried').waitFor();
    await page.getByRole('button', { name: 'Block…' }).click();
    await dialog().getByRole('button', { name: 'Block', exact: true }).click();
    await dialog().waitFor({ state: 'hidden' });
    // It is said no more of whom no guess comes from.
    await guess(server, 'guessed', 'one more');
    const { reason } = await api.row('clientId=guessed&reason=CLIENT_BLOCKED');
    expect(reason).toBe('CLIENT_BLOCKED');
  });
});
