import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAxeClean } from '../support/axe.ts';
import { becomeOwner, launchBrowser, watchedPage, type Watched } from '../support/browser.ts';
import { runProgram, startServer, type Server } from '../support/server.ts';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  browser = await launchBrowser();
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-ca-'));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** A server with these settings, and its console as its owner sees it. */
async function openConsole(set: readonly string[]): Promise<Watched & { server: Server; origin: string }> {
  const server = await startServer({ console: true, set });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const origin = new URL(server.setupLink()).origin;
  const watched = await watchedPage(context, origin);
  await becomeOwner(watched.page, server.setupLink());
  return { ...watched, server, origin };
}

async function createCredential(page: Page, origin: string, username: string): Promise<void> {
  await page.goto(`${origin}/credentials/new?username=${username}`);
  await page.getByRole('button', { name: 'Create credential', exact: true }).click();
  await page.getByTestId('secret').waitFor();
}

/** As a mouse does: the radio button itself is not to be seen. */
const chooseTls = (page: Page) =>
  page.getByRole('group', { name: 'Connection' }).last().getByText('TLS').click();

/** Downloads the CA's certificate by the page's link, copies the command by its button, and runs it beside the file. */
async function runCopied(page: Page) {
  const link = page.getByRole('link', { name: 'Download the CA certificate' });
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  await download.saveAs(join(folder, download.suggestedFilename()));
  const panel = page.getByRole('tabpanel');
  await panel.getByRole('button', { name: 'Copy' }).click();
  await panel.getByRole('button', { name: 'Copied' }).waitFor();
  const command = String(await page.evaluate('navigator.clipboard.readText()'));
  return { command, ran: await runProgram('bash', ['-c', `cd '${folder}' && ${command}`]) };
}

describe('with a plain and a TLS listener', () => {
  let opened: Awaited<ReturnType<typeof openConsole>>;
  beforeAll(async () => (opened = await openConsole([])));
  afterAll(() => opened.server.stop());

  test('the TLS command of a new credential, copied, gets a client in', async () => {
    const { page, server, origin } = opened;
    await createCredential(page, origin, 'pump-7');
    expect(await page.getByRole('tabpanel').textContent()).toContain(`-p ${String(server.ports.tcp)}`);
    await chooseTls(page);
    const { command, ran } = await runCopied(page);
    expect(command).toContain(`-p ${String(server.ports.tls)} --cafile gatehouse-ca.crt`);
    expect(ran).toEqual({ code: 0, stdout: '', stderr: '' });
    await page.getByText('The client is in.').waitFor();
    opened.expectClean();
  });

  test('getting started offers the same choice, and is axe clean with it', async () => {
    await expectAxeClean(opened.page, `${opened.origin}/start`);
    await chooseTls(opened.page);
    await opened.page.getByText('--cafile gatehouse-ca.crt').last().waitFor();
  });
});

describe('with TLS listeners only', () => {
  let opened: Awaited<ReturnType<typeof openConsole>>;
  beforeAll(
    async () => (opened = await openConsole(['listeners.tcp.enabled=false', 'listeners.ws.enabled=false'])),
  );
  afterAll(() => opened.server.stop());

  test('the command of a new credential is the TLS one by itself', async () => {
    const { page, origin } = opened;
    await createCredential(page, origin, 'pump-8');
    expect((await runCopied(page)).ran).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('the messages page connects through the secure WebSocket listener', async () => {
    const { page, origin } = opened;
    await page.goto(`${origin}/messages`);
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('connected', { exact: true }).waitFor();
    await page.getByLabel('Topic filter').fill('plant/#');
    await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
    await page.getByRole('button', { name: 'Unsubscribe plant/#' }).waitFor();
    await page.getByLabel('Topic', { exact: true }).fill('plant/pump-8');
    await page.getByLabel('Payload', { exact: true }).fill('over wss');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('over wss').last().waitFor();
    opened.expectClean();
  });
});
