import { readFile } from 'node:fs/promises';
import type { CredentialDto } from '@gatehouse/contract';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { expectAxeCleanNow } from '../support/axe.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { mosquittoPub } from '../support/clients.ts';
import { parseCsv } from '../support/csv.ts';
import { Guide } from '../support/guide.ts';
import { startServer, type Server } from '../support/server.ts';

/** What a clone does not share with its original. */
const OWN = [
  'id',
  'version',
  'name',
  'username',
  'clientId',
  'createdAt',
  'updatedAt',
  'secretChangedAt',
  'secretKind',
  'hashFormat',
] as const;

const CSV = new Guide('credentials').example('csv');
const CHECKED = 'Checked, and nothing written yet.';

describe('credentials from a file, and from another credential, in the console', () => {
  let server: Server;
  let api: Api;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;

  const dialog = (): Locator => page.getByRole('dialog', { name: 'Import credentials' });
  const button = (name: string | RegExp): Locator => dialog().getByRole('button', { name });
  const listed = async (): Promise<readonly CredentialDto[]> =>
    (await api.ok<{ items: CredentialDto[] }>('GET', '/credentials?sort=username')).items;
  const openImport = async (): Promise<void> => {
    await page.goto(`${origin}/credentials`);
    await page.getByRole('button', { name: 'Import…' }).click();
    await dialog().waitFor();
  };
  const choose = (name: string, content: string | Uint8Array): Promise<void> =>
    dialog()
      .locator('input[type=file]')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
  const drop = async (name: string, content: Uint8Array): Promise<void> => {
    const file = `new File([Uint8Array.from(${JSON.stringify([...content])})], ${JSON.stringify(name)})`;
    const dataTransfer = await page.evaluateHandle(
      `(() => { const transfer = new DataTransfer(); transfer.items.add(${file}); return transfer; })()`,
    );
    await dialog().locator('input[type=file]').dispatchEvent('drop', { dataTransfer });
  };
  const check = async (): Promise<void> => {
    await button('Check').click();
    await button('Check').and(dialog().locator('[aria-busy=false]')).waitFor();
  };

  beforeAll(async () => {
    server = await startServer({ console: true });
    api = new Api(server);
    ({ browser, watched, page, origin } = await consoleAsOwner(server));
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  test('a file that cannot be imported is refused in words before it is sent', async () => {
    await openImport();
    await dialog().getByText('Examples of both forms').click();
    expect(await dialog().getByLabel('Example in CSV').textContent()).toBe(CSV);
    await choose('empty.csv', '\n');
    await dialog().getByText('The file is empty.').waitFor();
    await drop('latin1.csv', Uint8Array.of(0x7a, 0xeb));
    await dialog().getByText('The file is not UTF-8 text.', { exact: false }).waitFor();
    expect(await button('Check').isDisabled()).toBe(true);
    expect(await button('Import').isDisabled()).toBe(true);
    watched.expectClean();
  });

  test('what is no import at all is said with the number of the request', async () => {
    await openImport();
    await dialog().getByLabel('Or paste its text').fill('username,colour\nmeter-1,red\n');
    await button('Check').click();
    await dialog().getByText('is not a column of an import').waitFor();
    expect(await dialog().getByRole('alert').textContent()).toMatch(/colour[\s\S]*request \S+/);
    expect(await button('Import').isDisabled()).toBe(true);
    watched.expectClean();
  });

  test('a file with two errors shows both rows, at any width and in both themes, and imports none', async () => {
    const wrong = `${CSV}meter-1,,twice,,,\nmeter-9,,p,,a/#/b,\n`;
    await openImport();
    await choose('meters.csv', wrong);
    await check();
    await dialog().getByText('2 errors: nothing is imported until all rows are right.').waitFor();
    const rows = await dialog().locator('tbody tr').allTextContents();
    expect(rows).toEqual([
      expect.stringMatching(/^4username.*the same identity as line 2/),
      expect.stringMatching(/^5publish.*"a\/#\/b"/),
    ]);
    expect(await button('Import').isDisabled()).toBe(true);
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await expectAxeCleanNow(page);
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(await listed()).toEqual([]);
    watched.expectClean();
  });

  test('corrected, it is imported as it was checked, and its devices connect', async () => {
    await button('Other file').click();
    await choose('meters.csv', CSV);
    expect(await button('Import').isDisabled()).toBe(true);
    await check();
    await dialog().getByText(CHECKED).waitFor();
    expect(await listed()).toEqual([]);
    await button('Import 2').click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByText('Imported: 2 created, 0 updated, 0 skipped').waitFor();
    await page.getByRole('row', { name: /meter-2/ }).waitFor();
    expect((await listed()).map(({ username }) => username)).toEqual(['meter-1', 'meter-2']);
    const device = { clientId: 'm1', username: 'meter-1', password: 'correct-horse-1' };
    expect((await mosquittoPub(server.ports.tcp, device)).code).toBe(0);
    expect(await page.content()).not.toContain('correct-horse');
    watched.expectClean();
  });

  test('what was taken since it was checked is said, and nothing is imported', async () => {
    await openImport();
    await drop('late.csv', Buffer.from('username,password\nlate-1,p\nlate-2,p\n'));
    await check();
    await dialog().getByText(CHECKED).waitFor();
    const { id } = await api.createCredential({ username: 'late-2', password: 'mine' });
    await button('Import 2').click();
    await dialog().getByText('the credential "late-2" has this identity').waitFor();
    expect(await button('Import').isDisabled()).toBe(true);
    await api.call('DELETE', `/credentials/${id}`);
    expect((await listed()).map(({ username }) => username)).toEqual(['meter-1', 'meter-2']);
    watched.expectClean();
  });

  test('identities that exist are errors, stay, or are updated, as is chosen, by keyboard alone', async () => {
    await page.goto(`${origin}/credentials`);
    await page.getByRole('button', { name: 'Import…' }).press('Enter');
    const pasted = dialog().getByLabel('Or paste its text');
    await pasted.and(page.locator(':focus')).waitFor();
    await pasted.fill('[{"username": "meter-2", "password": "battery-staple", "tags": ["new"]}]');
    await check();
    expect(await page.locator(':focus').innerText()).toBe('Check');
    await dialog().getByText('the credential "meter-2" has this identity').waitFor();
    const existing = dialog().getByLabel('Identities that exist already');
    await existing.selectOption('skip');
    expect(await dialog().getByRole('table').count()).toBe(0);
    await check();
    await dialog().getByText('Checked: there is nothing to import.').waitFor();
    expect(await button('Import').isDisabled()).toBe(true);
    await existing.selectOption('update');
    await button('Check').press('Enter');
    await dialog().getByText(CHECKED).waitFor();
    await button('Import 1').press('Enter');
    await dialog().waitFor({ state: 'detached' });
    const device = { clientId: 'm2', username: 'meter-2', password: 'battery-staple' };
    expect((await mosquittoPub(server.ports.tcp, device)).code).toBe(0);
    expect((await listed())[1]).toMatchObject({ tags: ['new'], rules: [{ topic: 'meters/2/#' }, {}] });
    watched.expectClean();
  });

  test('one form makes several, and each row of the sheet that it gives lets a device in', async () => {
    await page.goto(`${origin}/credentials/new`);
    await page.getByRole('textbox', { name: /^Username/ }).fill('installer');
    const before = await listed();
    await page.getByLabel('How many').fill('500');
    await page.getByText('A whole number from 1 to 200.').waitFor();
    await page.getByRole('button', { name: 'Create credential' }).click();
    expect(await page.getByLabel('How many').getAttribute('aria-invalid')).toBe('true');
    expect(await listed()).toEqual(before);
    await page.getByLabel('How many').fill('3');
    await page.getByText('Each gets a generated secret of its own.').waitFor();
    await expectAxeCleanNow(page);
    await page.getByRole('button', { name: 'Create 3 credentials' }).click();
    await page.getByRole('heading', { name: '3 credentials are created' }).waitFor();
    await expectAxeCleanNow(page);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the sheet (CSV)' }).click();
    const [head, ...rows] = parseCsv(await readFile(await (await download).path(), 'utf8'));
    expect(head?.slice(6)).toEqual(['host', 'port', 'tls', 'ca_file']);
    expect(rows.map(([, username]) => username)).toEqual(['installer-01', 'installer-02', 'installer-03']);
    for (const [, username = '', , , password = '', , , port] of rows) {
      expect((await mosquittoPub(Number(port), { clientId: username, username, password })).code).toBe(0);
    }
    watched.expectClean();
  });

  test('those that were made stay, and the next try goes on with the one that could not be', async () => {
    await api.createCredential({ username: 'crew-02', password: 'somebody-else-has-it' });
    await page.goto(`${origin}/credentials/new`);
    await page.getByRole('textbox', { name: /^Username/ }).fill('crew');
    await page.getByLabel('How many').fill('3');
    await page.getByRole('button', { name: 'Create 3 credentials' }).click();
    await page.getByText('1 of 3 are created.').waitFor();
    await page.getByRole('textbox', { name: /^Username/ }).fill('party');
    await page.getByRole('button', { name: 'Create 3 credentials' }).click();
    await page.getByRole('heading', { name: '3 credentials are created' }).waitFor();
    const made = (await listed()).flatMap(({ username }) =>
      /^(crew|party)-/.test(username ?? '') ? [username] : [],
    );
    expect(made.toSorted()).toEqual(['crew-01', 'crew-02', 'party-02', 'party-03']);
  });

  test('a clone differs from its original in identity and secret alone', async () => {
    const original = await api.createCredential({
      username: 'gate-1',
      name: 'Gate at the north',
      password: 'kept-to-itself',
      superuser: true,
      enabled: false,
      expiresAt: '2031-02-03T04:05:00.000Z',
      description: 'Opens the gate',
      tags: ['gates', 'north'],
      rules: [{ permission: 'deny', action: 'publish', topic: 'gates/%u' }],
    });
    await page.goto(`${origin}/credentials?open=${original.id}`);
    await page.getByRole('link', { name: 'Clone' }).click();
    await page.getByRole('heading', { name: 'Clone Gate at the north' }).waitFor();
    await page.getByText('The original is disabled', { exact: false }).waitFor();
    await expectAxeCleanNow(page);
    const username = page.getByRole('textbox', { name: /^Username/ });
    expect(await username.inputValue()).toBe('');
    await username.fill('gate-2');
    await page.getByRole('button', { name: 'Create credential' }).click();
    await page.getByTestId('secret').waitFor();
    const shared = (one: CredentialDto | undefined) =>
      Object.fromEntries(Object.entries(one ?? {}).filter(([key]) => !OWN.some((own) => own === key)));
    const clone = (await listed()).find(({ username }) => username === 'gate-2');
    const before = await api.ok<CredentialDto>('GET', `/credentials/${original.id}`);
    expect(shared(clone)).toEqual(shared(before));
    expect(clone).toMatchObject({ name: 'gate-2', clientId: null, secretKind: 'generated' });
    watched.expectClean();
  });
});
