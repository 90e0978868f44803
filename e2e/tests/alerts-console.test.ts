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

  test('a channel is made, what is wrong with it is said while it is written, and its test button reaches the webhook', async () => {
    await page.goto(`${origin}/alerts`);
    await button('New channel').click();
    await dialog().getByLabel('Name').fill('Ops');
    await dialog().getByLabel('URL').fill(hook.url);
    await dialog().getByLabel('Signing secret').fill('short');
    const told = dialog().getByText('Too small: expected string to have >=16 characters');
    await told.waitFor();
    await expectAxeCleanNow(page);
    await dialog().getByLabel('Signing secret').fill('long enough to sign with');
    await told.waitFor({ state: 'detached' });
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

  test('a channel is changed without its secrets, a rule with its own condition and topic', async () => {
    await page.goto(`${origin}/alerts`);
    await button('Change Ops').click();
    await dialog().getByLabel('Name').fill('Night shift');
    await button('Save').click();
    await button('Send a test to Night shift').click();
    await page.getByText('The test was sent to Night shift').waitFor();
    await button('Change A reason never seen before').click();
    await dialog().getByLabel('Condition').selectOption('refusalRate');
    await dialog().getByLabel('Refused because of').selectOption('Password');
    await dialog().getByLabel('Refusals per minute').fill('0');
    await dialog().getByText('Too small: expected number to be >=1').waitFor();
    await dialog().getByLabel('Refusals per minute').fill('30');
    await dialog().getByLabel('MQTT topic').fill('storms/passwords');
    await expectAxeCleanNow(page);
    await button('Save').click();
    await page.getByText('30 refusals per minute over 5 min').waitFor();
    const rules = await page.evaluate<string>("fetch('/api/v1/alert-rules').then((answer) => answer.text())");
    expect(JSON.parse(rules)).toMatchObject({
      items: [
        {
          name: 'A reason never seen before',
          topic: 'storms/passwords',
          condition: { kind: 'refusalRate', family: 'basic', perMinute: 30, windowMinutes: 5 },
        },
      ],
    });
    watched.expectClean();
  });

  test('all rules are silenced with one click, and one click ends that', async () => {
    await page.goto(`${origin}/alerts`);
    await button('Silence all for an hour').click();
    await page.getByText('silenced', { exact: true }).waitFor();
    await button('End the silence of all').click();
    await button('Silence all for an hour').waitFor();
    await page.getByText('silenced', { exact: true }).waitFor({ state: 'detached' });
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
