import type { ChainDto } from '@gatehouse/contract';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { expectAxeClean } from '../support/axe.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { settled } from '../support/settled.ts';
import { startServer, type Server } from '../support/server.ts';
import { until } from '../support/until.ts';

const FLEET = JSON.stringify({
  type: 'x509',
  credentials: [{ name: 'Pumps', match: { cn_pattern: 'pump-.*' } }],
});

describe('require groups and SCRAM in the console', () => {
  let server: Server;
  let api: Api;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;
  const steps = async (): Promise<ChainDto['steps']> =>
    (await api.ok<ChainDto>('GET', '/chains/default')).steps;
  const become = (what: string, wanted: ChainDto['steps']): Promise<true> =>
    until(what, async () => (JSON.stringify(await steps()) === JSON.stringify(wanted) ? true : undefined));
  const chain = (name: string): Locator =>
    page.locator('section').filter({ has: page.getByRole('heading', { name: `Chain ${name}` }) });
  const card = (): Locator => chain('default');

  beforeAll(async () => {
    server = await startServer({
      console: true,
      set: [
        `auth.authenticators.fleet=${FLEET}`,
        'auth.authenticators.tokens={type: jwt, secret: the-shared-secret-of-the-scenarios}',
        'auth.chains.machines=[{require: [fleet, builtin], bind: cn_clientid}]',
      ],
    });
    api = new Api(server);
    ({ browser, watched, page, origin } = await consoleAsOwner(server, {
      viewport: { width: 1440, height: 1000 },
    }));
    await api.ok('PUT', '/chains/default', { steps: ['tokens'] });
    await page.goto(`${origin}/authentication`);
    await settled(page);
  });
  afterAll(async () => {
    watched.expectClean();
    await browser.close();
    await server.stop();
  });

  test('a group is made of what is chosen, in that order, and comes last', async () => {
    await card().getByRole('button', { name: 'Add a step' }).click();
    await page.getByRole('menuitem', { name: 'All of several…' }).click();
    const dialog = page.getByRole('dialog');
    const save = dialog.getByRole('button', { name: 'Require them' });
    await dialog.getByLabel('fleet').check();
    expect(await save.isDisabled()).toBe(true);
    await dialog.getByLabel('builtin').check();
    // An authenticator that stands alone in the chain is none to choose.
    expect(await dialog.getByLabel('tokens').count()).toBe(0);
    await dialog.getByText('The common name of the certificate is the username').waitFor();
    await save.click();
    await become('the group', [
      'tokens',
      { require: ['fleet', 'builtin'], identity: 'builtin', bind: 'cn_username' },
    ]);
    await card().getByText('All of these must let the client in').waitFor();
    await card().getByText('whom one of them does not let in is refused').waitFor();
  });

  test('a group is edited, and stays last when a step moves or comes', async () => {
    await card().getByRole('button', { name: 'Edit what is required' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Who the client is').selectOption('fleet');
    await dialog.getByLabel('What must be the same').selectOption('san_username');
    await dialog.getByRole('button', { name: 'Require them' }).click();
    const edited = { require: ['fleet', 'builtin'], identity: 'fleet', bind: 'san_username' } as const;
    await become('the edited group', ['tokens', { ...edited, require: [...edited.require] }]);
    await card().getByText('certificate’s other names = username').waitFor();
    await expectAxeClean(page, `${origin}/authentication`);
  });

  test('with a member that is off the page says that nobody gets in there', async () => {
    await page.getByRole('switch', { name: 'builtin is asked' }).first().click();
    await page.getByText('One of them is off: this chain lets nobody in here.').first().waitFor();
    await page.getByRole('switch', { name: 'builtin is asked' }).first().click();
    await card().getByText('One of them is off').waitFor({ state: 'detached' });
  });

  test('a group that the configuration declares is shown and not edited', async () => {
    const machines = chain('machines');
    await machines.getByText('certificate name = client ID').waitFor();
    expect(await machines.getByRole('button', { name: 'Edit what is required' }).count()).toBe(0);
  });

  test('a group is taken out', async () => {
    await card().getByRole('button', { name: 'Take the requirement out of the chain' }).click();
    await become('the chain without it', ['tokens']);
  });

  test('the tester plays a client of SCRAM with the password that is typed', async () => {
    await api.createCredential({ type: 'scram', username: 'pump-7', password: 'seven grey herons' });
    await api.ok('POST', '/authenticators', { name: 'sasl', settings: { type: 'scram' } });
    await api.ok('PUT', '/chains/default', { steps: ['sasl'] });
    await page.goto(`${origin}/try?username=pump-7&clientId=pump-7`);
    await page.getByLabel('Password', { exact: true }).fill('seven grey herons');
    const tried = async (method: string, answer: string): Promise<void> => {
      await page.getByLabel('How it proves itself').selectOption(method);
      await page.getByRole('button', { name: 'Try', exact: true }).click();
      await page.getByText(answer).first().waitFor();
    };
    await tried('SCRAM-SHA-512', 'It would be admitted');
    await tried('', 'Client does not use SCRAM');
    await expectAxeClean(page, `${origin}/try`);
  });
});
