import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { webhookReceiver } from '../support/alert-receivers.ts';
import { expectAxeClean, expectAxeCleanNow } from '../support/axe.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { mqttJs } from '../support/clients.ts';
import { startServer, type Server } from '../support/server.ts';

/** From an empty page to a channel that works, a rule that fires, its rows, and silence. */
describe('alerts in the console', () => {
  let server: Server;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;
  let hook: Awaited<ReturnType<typeof webhookReceiver>>;

  const dialog = () => page.getByRole('dialog').last();
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  beforeAll(async () => {
    hook = await webhookReceiver();
    server = await startServer({ console: true });
    ({ browser, watched, page, origin } = await consoleAsOwner(server));
  });
  afterAll(async () => {
    hook.close();
    await browser.close();
    await server.stop();
  });

  test('an empty page says what to do, in both themes', async () => {
    await expectAxeClean(page, `${origin}/alerts`);
    await page.getByText('Nothing fired yet').waitFor();
    await page.getByText('Nobody is told yet').waitFor();
    watched.expectClean();
  });

  test('a channel is made, what is wrong with it is said at the field, and its test button reaches the webhook', async () => {
    await page.goto(`${origin}/alerts`);
    await button('New channel').click();
    await dialog().getByLabel('Name').fill('Ops');
    await dialog().getByLabel('URL').fill(hook.url);
    await dialog().getByLabel('Signing secret').fill('short');
    await button('Create').click();
    await dialog().getByRole('alert').first().waitFor();
    await expectAxeCleanNow(page);
    await dialog().getByLabel('Signing secret').fill('long enough to sign with');
    await button('Create').click();
    await button('Send a test to Ops').click();
    await page.getByText('The test was sent to Ops').waitFor();
    expect(hook.calls.map(({ message }) => message.event)).toEqual(['test']);
    expect(await page.content()).not.toContain('T0K3N');
  });

  test('a preset becomes a rule that fires; page and overview lead to the very clients', async () => {
    await page.goto(`${origin}/alerts`);
    await button('A reason never seen before').click();
    await button('Create').click();
    await page.getByRole('switch', { name: 'Rule A reason never seen before' }).waitFor();
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const { client } = await mqttJs(url, { clientId: 'pump-9', username: 'nobody', password: 'x' });
    client.end(true);
    await page.getByRole('link', { name: 'Show what is behind A reason never seen before' }).waitFor();
    await expect.poll(() => hook.calls.map(({ message }) => message.event)).toContain('firing');
    await page.goto(`${origin}/`);
    await page.getByText('1 alert fires').waitFor();
    await page.getByRole('link', { name: 'A reason never seen before' }).click();
    await page.waitForURL(/\/unauthorized\?.*reason=/);
    await page.getByText('pump-9').first().waitFor();
    watched.expectClean();
  });

  test('a silence is one click, is shown at the rule, and one click ends it', async () => {
    await page.goto(`${origin}/alerts`);
    await button('Silence A reason never seen before for an hour').click();
    await button('End the silence of A reason never seen before').click();
    await button('Silence A reason never seen before for an hour').waitFor();
    await expectAxeCleanNow(page);
    watched.expectClean();
  });

  test('nothing is cut off or scrolls sideways on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${origin}/alerts`);
    await page.getByRole('heading', { name: 'Channels' }).waitFor();
    const overflow = await page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
  });
});
