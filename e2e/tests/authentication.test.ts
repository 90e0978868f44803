import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { AuthenticatorDto, ChainDto } from '@gatehouse/contract';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { expectAxeClean, expectAxeCleanNow } from '../support/axe.ts';
import { consoleAsOwner, type Watched, watchedPage } from '../support/browser.ts';
import { mqttJs } from '../support/clients.ts';
import { settled } from '../support/settled.ts';
import { startServer, type Server } from '../support/server.ts';

const PASSWORD = 'seven herons';
const TOKEN = 'Bearer of-the-plant';

/** The page Authentication beside real clients: what it says is what decides about them, at once. */
describe('authenticators, chains and the anonymous policy in the console', () => {
  let server: Server;
  let api: Api;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;
  /** `authorization` of the requests that the service got, newest last. */
  const tokens: (string | undefined)[] = [];

  /** Admits client IDs with "gate", refuses those with "evil", knows no others; "tbmq" is answered as TBMQ's services do. */
  const service = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    void text(request).then((body) => {
      const clientId = new URLSearchParams(body).get('clientid') ?? '';
      const words = clientId.includes('tbmq')
        ? (['SUCCESS', 'FAILURE', 'SKIPPED'] as const)
        : (['allow', 'deny', 'ignore'] as const);
      const result = words[clientId.includes('gate') ? 0 : clientId.includes('evil') ? 1 : 2];
      const authRules = { pubAuthRulePatterns: ['own/.*'], subAuthRulePatterns: ['own/[^/]+'] };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(clientId.includes('tbmq') ? { result, authRules } : { result }));
    });
  });
  const serviceUrl = (): string => `http://127.0.0.1:${String((service.address() as AddressInfo).port)}/auth`;

  /** The CONNACK code that a real client gets. */
  const connectAs = async (clientId: string, identity: { username?: string; password?: string } = {}) => {
    const { code, client } = await mqttJs(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
      clientId,
      protocolVersion: 5,
      ...identity,
    });
    client.end(true);
    return code;
  };
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  const drawer = (): Locator => page.getByRole('dialog').first();
  const stepNames = async (): Promise<string[]> => {
    const list = page.getByRole('list', { name: 'Authenticators of the chain default, in order' });
    const rows = await list.locator('li[data-step]').all();
    return Promise.all(rows.map(async (row) => (await row.getAttribute('data-step')) ?? ''));
  };
  const steps = async (): Promise<ChainDto['steps']> =>
    (await api.ok<ChainDto>('GET', '/chains/default')).steps;
  const inForce = (name: string): Promise<AuthenticatorDto> => api.ok('GET', `/authenticators/${name}`);
  const open = async (path = ''): Promise<void> => {
    await page.goto(`${origin}/authentication${path}`);
    await settled(page);
  };

  beforeAll(async () => {
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    server = await startServer({
      console: true,
      set: [
        'auth.authenticators.pinned={type: builtin, strategy: clientid}',
        'auth.chains.machines=[pinned]',
      ],
    });
    api = new Api(server);
    await server.cli(['credentials', 'add', '--username', 'pump', '--password-stdin'], PASSWORD);
    ({ browser, watched, page, origin } = await consoleAsOwner(server, {
      viewport: { width: 1440, height: 1000 },
    }));
  });
  afterEach(() => {
    watched.expectClean();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    service.close();
  });

  test('a wrong setting shows at its field and saves nothing, whether the page or the server finds it', async () => {
    await open('/new');
    await page.getByRole('button', { name: /^HTTP service/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Plant Service');
    await page.getByText('1 to 32 lower-case letters').waitFor();
    await page.getByLabel('Name', { exact: true }).fill('plant-service');
    await page.getByLabel('Time for one client').fill('0');
    await page.getByText('At least 1.').waitFor();
    await button('Add authenticator').click();
    await page.getByText('Needed.').waitFor();
    // The first field with something wrong has the focus.
    await expect
      .poll(() => page.evaluate('document.activeElement?.labels?.[0]?.textContent'))
      .toBe('Address');
    await page.getByLabel('Time for one client').fill('4600');
    await page.getByLabel('Address', { exact: true }).fill('ftp://127.0.0.1/auth');
    // Only the server knows what an address is.
    await button('Add authenticator').click();
    await page.getByText(/an http:\/\/ or https:\/\/ URL/).waitFor();
    expect(await page.getByLabel('Address', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    await expectAxeCleanNow(page);
    expect((await api.call('GET', '/authenticators/plant-service')).status).toBe(404);
  });

  test('an authenticator is tested before it is saved: what was asked, what came back, the reason', async () => {
    await page.getByLabel('Address', { exact: true }).fill(serviceUrl());
    await page.getByLabel('Headers').fill(`authorization = ${TOKEN}`);
    await page.getByLabel('Ask about a client').check();
    await page.getByLabel('Client ID').fill('evil-1');
    await button('Test').click();
    const result = page.getByTestId('test-result');
    await result.getByText('The backend was reached in').waitFor();
    await result.getByText('HTTP_DENIED').waitFor();
    await result.getByText('What was asked, and what came back').waitFor();
    expect(await result.textContent()).not.toContain('of-the-plant');
    expect(tokens.at(-1)).toBe(TOKEN);
    await expectAxeCleanNow(page);
    expect((await api.call('GET', '/authenticators/plant-service')).status).toBe(404);
  });

  test('added, put first: a real client is decided by it, and the trace names it', async () => {
    await button('Add authenticator').click();
    await page.waitForURL(/\/authentication$/);
    await button('Add plant-service to the chain default').click();
    await expect.poll(stepNames).toEqual(['builtin', 'plant-service']);
    await button('Move plant-service up').click();
    await expect.poll(stepNames).toEqual(['plant-service', 'builtin']);
    await page.getByText('plant-service is step 1 of 2').waitFor();
    await expect.poll(steps).toEqual(['plant-service', 'builtin']);

    expect(await connectAs('gate-1', { username: 'g', password: 'p' })).toBe(0);
    expect(await connectAs('evil-2', { username: 'g', password: 'p' })).toBe(0x87);
    const row = await api.row('clientId=evil-2');
    expect(row).toMatchObject({ reason: 'HTTP_DENIED', authenticator: 'plant-service' });
    const { trace } = await api.detail(row.id);
    expect(trace?.[0]).toMatchObject({ authenticator: 'plant-service', outcome: 'deny' });
    expect(tokens.at(-1)).toBe(TOKEN);
    const step = page.locator('[data-step="plant-service"]');
    await step.getByText('backend answers').waitFor();
    await expect.poll(() => step.textContent(), { timeout: 20_000 }).toMatch(/allowed1.*refused1/);
  });

  test('set to TBMQ’s words, a service of TBMQ’s decides about real clients, and its rules hold', async () => {
    expect(await connectAs('tbmq-gate', { username: 'g', password: 'p' })).not.toBe(0);
    expect(await api.row('clientId=tbmq-gate')).toMatchObject({ reason: 'HTTP_BAD_RESPONSE' });
    await open('?open=plant-service');
    const words = 'TBMQ: success, failure, skipped';
    await drawer().getByLabel('How answers are read').selectOption({ label: words });
    await drawer().getByRole('button', { name: 'Save' }).click();
    await page.getByText('plant-service is saved').waitFor();
    const { client, code } = await mqttJs(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, {
      clientId: 'tbmq-gate',
      username: 'g',
      password: 'p',
      protocolVersion: 5,
    });
    expect(code).toBe(0);
    await client.subscribeAsync('own/a', { qos: 1 });
    await expect(client.subscribeAsync('own/a/b')).rejects.toThrow('Not authorized');
    await client.publishAsync('own/a', 'x', { qos: 1 });
    await expect(client.publishAsync('others/a', 'x', { qos: 1 })).rejects.toMatchObject({ code: 0x87 });
    await client.endAsync();
    expect(await connectAs('tbmq-evil', { username: 'g', password: 'p' })).toBe(0x87);
    expect(await api.row('clientId=tbmq-evil')).toMatchObject({ reason: 'HTTP_DENIED' });
    // What the service skips, the next step decides.
    expect(await connectAs('tbmq-3', { username: 'pump', password: PASSWORD })).toBe(0);
    expect(await connectAs('gate-3', { username: 'g', password: 'p' })).not.toBe(0);
    const { settings } = await inForce('plant-service');
    await api.ok('PATCH', '/authenticators/plant-service', { settings: { ...settings, contract: 'json' } });
  });

  test('the refused client’s page leads to the authenticator that could not find out', async () => {
    const url = 'http://127.0.0.1:1/auth';
    await api.ok('POST', '/authenticators', { name: 'gone', settings: { type: 'http', url } });
    await api.ok('PUT', '/chains/default', { steps: ['gone', 'builtin'] });
    expect(await connectAs('evil-3', { username: 'g', password: 'p' })).not.toBe(0);
    const row = await api.row('clientId=evil-3');
    expect(row.reason).toBe('HTTP_UNREACHABLE');
    await page.goto(`${origin}/unauthorized/${row.id}`);
    await page.getByRole('link', { name: 'Edit the authenticator' }).click();
    await page.waitForURL(/\/authentication\?open=gone$/);
    await drawer().getByLabel('Address', { exact: true }).waitFor();
    await drawer().getByText('Last error').waitFor();
    await api.ok('PUT', '/chains/default', { steps: ['plant-service', 'builtin'] });
    await api.ok('DELETE', '/authenticators/gone');
  });

  test('switched off it is not asked; switched on it is again; its secret stays', async () => {
    await open();
    const enabled = page.getByRole('switch', { name: 'plant-service is asked' });
    await enabled.click();
    await page.getByText('plant-service is not asked any more').waitFor();
    expect(await connectAs('gate-2', { username: 'g', password: 'p' })).toBe(0x86);
    await enabled.click();
    await page.getByText('plant-service is asked again').waitFor();
    expect(await connectAs('gate-2', { username: 'g', password: 'p' })).toBe(0);
    expect(tokens.at(-1)).toBe(TOKEN);
  });

  test('by keyboard alone: steps change places, and the focus stays with the one that moved', async () => {
    await open();
    await button('Move builtin up').focus();
    await page.keyboard.press('Enter');
    await expect.poll(stepNames).toEqual(['builtin', 'plant-service']);
    const focused = 'document.activeElement?.getAttribute("aria-label")';
    await expect.poll(() => page.evaluate(focused)).toBe('Move builtin up');
    // At the top it does nothing, and the focus is not lost.
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate(focused)).toBe('Move builtin down');
    await page.keyboard.press('Enter');
    await expect.poll(steps).toEqual(['plant-service', 'builtin']);
  });

  test('by drag: a step goes where it is dropped', async () => {
    await open();
    await page
      .locator('[data-step="builtin"] [draggable="true"]')
      .dragTo(page.locator('[data-step="plant-service"]'));
    await expect.poll(steps).toEqual(['builtin', 'plant-service']);
    await button('Move plant-service up').click();
    await expect.poll(steps).toEqual(['plant-service', 'builtin']);
  });

  test('who was overtaken by somebody else’s change is told, nothing is overwritten, and sees how it stands', async () => {
    await open();
    await api.ok('PUT', '/chains/default', { steps: ['builtin', 'plant-service'] });
    await button('Take builtin out of the chain').click();
    await page.getByText('Somebody else changed it meanwhile').waitFor();
    expect(await steps()).toEqual(['builtin', 'plant-service']);
    await expect.poll(stepNames).toEqual(['builtin', 'plant-service']);
  });

  test('a secret is never shown; untouched it stays, and it is removed on request', async () => {
    await open('?open=plant-service');
    const headers = drawer().getByLabel('Headers', { exact: true });
    expect(await headers.getAttribute('placeholder')).toBe('set; leave empty to keep it');
    expect(await page.content()).not.toContain('of-the-plant');
    await drawer().getByLabel('Time for one client').fill('4800');
    await drawer().getByRole('button', { name: 'Save' }).click();
    await page.getByText('plant-service is saved').waitFor();
    expect(await inForce('plant-service')).toMatchObject({
      secrets: ['headers'],
      settings: { timeout_ms: 4800 },
    });
    await drawer().getByRole('button', { name: 'Remove the secret: Headers' }).click();
    await drawer().getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await inForce('plant-service')).secrets).toEqual([]);
    await expect.poll(() => headers.getAttribute('placeholder')).toBe('not set');
  });

  test('a draft is tested as it stands, and nothing of it is kept', async () => {
    await open('?open=plant-service');
    await drawer().getByLabel('Address', { exact: true }).fill('http://127.0.0.1:1/auth');
    await drawer().getByRole('button', { name: 'Test', exact: true }).click();
    await drawer().getByText('The backend was not reached').waitFor();
    await expectAxeCleanNow(page);
    expect((await inForce('plant-service')).settings['url']).toBe(serviceUrl());
    await drawer().getByRole('button', { name: 'Discard changes' }).click();
    expect(await drawer().getByLabel('Address', { exact: true }).inputValue()).toBe(serviceUrl());
  });

  test('one that a chain names is not deleted, which says which chain; out of it, it is', async () => {
    await open('?open=plant-service');
    await drawer().getByRole('button', { name: 'Delete' }).click();
    await page.getByText('The chain default names it').waitFor();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Close' }).last().click();
    await open();
    await button('Take plant-service out of the chain').click();
    await expect.poll(stepNames).toEqual(['builtin']);
    await button('plant-service').click();
    await drawer().getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Delete' }).click();
    await page.getByText('plant-service is deleted').waitFor();
    expect((await api.call('GET', '/authenticators/plant-service')).status).toBe(404);
  });

  test('what the configuration declares is locked, and says where it is declared', async () => {
    await open();
    const step = page.locator('[data-step="pinned"]');
    await step.getByText('declared in --set').waitFor();
    expect(await step.getByRole('switch').isDisabled()).toBe(true);
    expect(await button('Move pinned up').count()).toBe(0);
    await button('pinned').click();
    await drawer().getByText('change it there and restart').waitFor();
    expect(await drawer().getByLabel('Look up by').isDisabled()).toBe(true);
    expect(await drawer().getByRole('button', { name: 'Save' }).count()).toBe(0);
  });

  test('the policy: letting in asks first, warns in red, and lets a client in without credentials', async () => {
    await open();
    expect(await connectAs('guest-1')).toBe(0x87);
    await page
      .getByRole('radio', { name: 'Let in' })
      .check({ force: true })
      .catch(() => undefined);
    expect(await connectAs('guest-1')).toBe(0x87);
    await page.getByRole('dialog').getByRole('button', { name: 'Let them in' }).click();
    await page.getByText('Clients that no authenticator knows get in without credentials').waitFor();
    await expectAxeCleanNow(page);
    expect(await connectAs('guest-1')).toBe(0);
    await button('Take builtin out of the chain').click();
    await page.getByText('Nobody can be refused by the chain default').waitFor();
    await page.getByRole('radio', { name: 'Refuse, without a username at once' }).check();
    await page.getByText('every client there is refused').waitFor();
    expect(await connectAs('guest-2')).toBe(0x87);
    const guest = await api.row('clientId=guest-2');
    expect(guest.reason).toBe('ANONYMOUS_QUICK_DENIED');
    await page.goto(`${origin}/unauthorized/${guest.id}`);
    await page.getByRole('link', { name: 'Edit the anonymous policy' }).click();
    await page.waitForURL(/\/authentication#anonymous$/);
    await button('Add builtin to the chain default').click();
    await page.getByRole('radio', { name: /^Refuse Only/ }).check();
    await expect.poll(() => connectAs('pump', { username: 'pump', password: PASSWORD })).toBe(0);
  });

  test.each(['', '/new', '/new?type=ldap', '?open=builtin'])(
    'the page "%s" is axe clean in both themes and does not scroll sideways on a phone',
    async (path) => {
      await expectAxeClean(page, `${origin}/authentication${path}`);
      await page.setViewportSize({ width: 390, height: 800 });
      await open(path);
      await expectAxeCleanNow(page);
      expect(
        await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      ).toBe(0);
      await page.setViewportSize({ width: 1440, height: 1000 });
    },
  );

  test('a viewer sees everything, may change nothing, and is told why', async () => {
    const account = { name: 'Vera', email: 'vera@example.com', role: 'viewer', password: 'nine slow otters' };
    const session = await page.request.get(`${origin}/api/v1/session`);
    const { csrfToken } = (await session.json()) as { csrfToken: string };
    const made = await page.request.post(`${origin}/api/v1/users`, {
      data: account,
      headers: { 'x-csrf-token': csrfToken, origin },
    });
    expect(made.status()).toBe(201);
    const context = await browser.newContext();
    const viewer = await watchedPage(context, origin);
    await viewer.page.goto(`${origin}/login`);
    await viewer.page.getByLabel('E-mail').fill(account.email);
    await viewer.page.locator('input[type=password]').fill(account.password);
    await viewer.page.locator('form button[type=submit]').click();
    await viewer.page.waitForURL((url) => url.pathname === '/' || url.pathname === '/start');
    await viewer.page.goto(`${origin}/authentication?open=builtin`);
    await viewer.page.getByText('Your role may look at this, but not change it').first().waitFor();
    const controls = viewer.page.locator('main, dialog').locator('input, select, textarea, [role=switch]');
    await viewer.page.getByRole('dialog').getByLabel('Look up by').waitFor();
    for (const control of await controls.all()) expect(await control.isDisabled()).toBe(true);
    await expectAxeCleanNow(viewer.page);
    await viewer.page.goto(`${origin}/authentication/new`);
    await viewer.page.getByText('Your role does not allow this').waitFor();
    viewer.expectClean();
    await context.close();
  });
});
