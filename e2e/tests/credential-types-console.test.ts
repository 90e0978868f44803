import type { CredentialDto } from '@gatehouse/contract';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { expectAxeClean, expectAxeCleanNow } from '../support/axe.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { BY_X509, connectWith, pki, root } from '../support/certificates.ts';
import { startServer, type Server } from '../support/server.ts';

const BAD_CREDENTIALS = 0x86;

/** From the page to real clients: credentials that are no passwords. */
describe('credentials of other types in the console', () => {
  let server: Server;
  let api: Api;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;

  const fill = (label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);
  const submit = () => page.getByRole('button', { name: 'Create credential' }).click();
  const listed = async (type: string): Promise<readonly CredentialDto[]> =>
    (await api.ok<{ items: CredentialDto[] }>('GET', `/credentials?type=${type}`)).items;

  beforeAll(async () => {
    server = await startServer({ console: true, set: [...BY_X509] });
    api = new Api(server);
    ({ browser, watched, page, origin } = await consoleAsOwner(server));
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  test('a refused certificate leads to a form that is filled from it, and what it makes admits the device', async () => {
    const certificate = pki.make({ subject: '/CN=valve-3', issuer: root });
    expect(await connectWith(server, 'valve-3', certificate)).toBe(BAD_CREDENTIALS);
    const row = await api.row('clientId=valve-3&reason=X509_NO_CREDENTIALS');
    await page.goto(`${origin}/unauthorized/${row.id}`);
    await page.getByRole('link', { name: 'Create credential' }).first().click();
    await page.waitForURL(/credentials\/new/);
    expect(await page.getByLabel('Common name', { exact: true }).inputValue()).toBe('valve-3');
    await expectAxeCleanNow(page);
    await submit();
    await page.getByText('mosquitto_pub').first().waitFor();
    expect(await connectWith(server, 'valve-3', certificate)).toBe(0);
    watched.expectClean();
  });

  test('a certificate that is pasted fills the fields, with rules for its common name', async () => {
    await expectAxeClean(page, `${origin}/credentials/new?type=x509`);
    await page.getByLabel('Matched by', { exact: true }).selectOption({ label: 'Fingerprint' });
    await page.getByText('Fill in from a certificate').click();
    await fill('Certificate (PEM)', pki.make({ subject: '/CN=pasted', issuer: root }).cert);
    await page.getByRole('button', { name: 'Read certificate' }).click();
    await expect
      .poll(() => page.getByLabel('SHA-256', { exact: true }).inputValue())
      .toMatch(/^[0-9a-f]{64}$/);
    await page.getByRole('checkbox', { name: /^Rules by common name/ }).check();
    await fill('Common name (RE2)', '(');
    await submit();
    await page.getByText('is no RE2 pattern', { exact: false }).first().waitFor();
    await fill('Common name (RE2)', 'pasted');
    await submit();
    await page.getByRole('link', { name: 'Done' }).click();
    await page.getByRole('dialog').waitFor();
    await expectAxeCleanNow(page);
    expect((await listed('x509')).some(({ x509 }) => x509?.rulesByCn?.[0]?.pattern === 'pasted')).toBe(true);
    watched.expectClean();
  });

  test('a key and a SCRAM password are shown once, and the list shows one type alone', async () => {
    await page.goto(`${origin}/credentials/new`);
    await page.getByRole('radio', { name: /^Pre-shared key/ }).check();
    await fill('Identity', 'meter-1');
    await submit();
    expect(await page.getByTestId('secret').textContent()).toMatch(/^[0-9a-f]{64}$/);
    await expectAxeCleanNow(page);
    await page.getByRole('link', { name: 'Done' }).click();
    await page.goto(`${origin}/credentials/new?type=scram`);
    await fill('Username', 'meter');
    await submit();
    await page.getByTestId('secret').waitFor();
    await page.goto(`${origin}/credentials?type=psk`);
    await page.getByRole('row', { name: /meter-1/ }).waitFor();
    expect(await page.getByRole('row', { name: /valve-3/ }).count()).toBe(0);
    expect((await listed('scram')).map(({ username }) => username)).toEqual(['meter']);
    await expectAxeClean(page, `${origin}/credentials?type=psk`);
    watched.expectClean();
  });
});
