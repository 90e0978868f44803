import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  CertificateAuthorityDto,
  IssuedCertificateDto,
  AuthenticatorDto,
  NewCertificateDto,
  UnauthorizedClientDetailDto,
} from '@gatehouse/contract';
import type { MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ClientPki } from '../../packages/broker/test/support/client-pki.ts';
import { Api } from '../support/api.ts';
import { expectAxeClean, expectAxeCleanNow } from '../support/axe.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { mqttJs } from '../support/clients.ts';
import { settled } from '../support/settled.ts';
import { runProgram, type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const GUIDE = fileURLToPath(new URL('../../docs/guides/certificates.md', import.meta.url));
const BINARY = fileURLToPath(new URL('../../apps/server/bin/gatehouse.js', import.meta.url));
const NOT_AUTHORIZED = 0x87;
/** Milliseconds within which sessions of a revoked certificate are closed. */
const CLOSED_WITHIN_MS = 5_000;

const blocksOf = (language: string): readonly string[] =>
  [...readFileSync(GUIDE, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, block = '']) => block,
  );

/** The guide's configuration as `--set` takes it. */
const guideSettings = (): readonly string[] => {
  const settings = (path: string, value: unknown): readonly string[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !('type' in value)
      ? Object.entries(value).flatMap(([key, inner]) => settings(path === '' ? key : `${path}.${key}`, inner))
      : [`${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`];
  return settings('', parse(blocksOf('yaml')[0] ?? ''));
};

describe('certificates', () => {
  let server: Server;
  let api: Api;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let origin: string;
  let home: string;
  const clients: MqttClient[] = [];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'gatehouse-certificates-'));
    server = await startServer({ console: true, set: guideSettings() });
    api = new Api(server);
    ({ browser, watched, page, origin } = await consoleAsOwner(server, { acceptDownloads: true }));
  });
  afterAll(async () => {
    for (const client of clients) client.end(true);
    await browser.close();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** Runs a block of the guide where its files are, against the server of this test. */
  const shell = (block: string) => {
    const script = [
      `gatehouse() { '${process.execPath}' '${BINARY}' "$@" --set data_dir='${server.dataDir}'; }`,
      block.replaceAll('8883', String(server.ports.tls)).replaceAll('data/pki', `${server.dataDir}/pki`),
    ].join('\n');
    return runProgram('bash', ['-euc', `cd '${home}'\n${script}`]);
  };
  const connect = async (clientId: string, cert: string, key: string) => {
    const answer = await mqttJs(`mqtts://localhost:${String(server.ports.tls)}`, {
      ca: readFileSync(join(server.dataDir, 'pki/ca.crt')),
      clientId,
      protocolVersion: 5,
      cert,
      key,
    });
    clients.push(answer.client);
    return answer;
  };
  const refusedRow = async (clientId: string): Promise<UnauthorizedClientDetailDto> => {
    const { id } = await until(`${clientId} is in the table`, async () => {
      const { items } = await api.refused(`clientId=eq:${clientId}`);
      return items[0];
    });
    return api.detail(id);
  };
  const dialog = () => page.getByRole('dialog').last();
  const rowOf = (name: string) => page.getByRole('row', { name });

  test("the guide's commands do what they say: request, PKCS#12, renewal, revocation", async () => {
    const [request = '', pkcs12 = '', renewal = '', revocation = ''] = blocksOf('sh');
    const issued = await shell(request);
    expect(issued, issued.stderr).toMatchObject({ code: 0 });
    const packed = await shell(pkcs12);
    expect(packed, packed.stderr).toMatchObject({ code: 0 });
    expect(packed.stdout).toContain('CN = pump-8');
    const renewed = await shell(renewal);
    expect(renewed, renewed.stderr).toMatchObject({ code: 0 });

    const files = (name: string) => readFileSync(join(home, name), 'utf8');
    const open = await connect('guide-open', files('pump-7.crt'), files('pump-7.key'));
    const changed = await connect('guide-renewed', files('renewed/pump-7.crt'), files('pump-7.key'));
    expect([open.code, changed.code]).toEqual([0, 0]);
    expect(await shell(revocation)).toMatchObject({ code: 0 });
    await expect.poll(() => open.client.connected, { timeout: CLOSED_WITHIN_MS }).toBe(false);
    expect(changed.client.connected).toBe(true);
    const again = await connect('guide-revoked', files('pump-7.crt'), files('pump-7.key'));
    expect(again.code).toBe(NOT_AUTHORIZED);
    const row = await refusedRow('guide-revoked');
    expect(row).toMatchObject({
      reason: 'TLS_CERT_REVOKED',
      certificateChain: [{ commonName: 'pump-7', problem: 'revoked', pem: null }, { problem: null }],
    });
  });

  test('the page shows the CA, what the listeners serve and accept, and the register, in both themes', async () => {
    await expectAxeClean(page, `${origin}/certificates`);
    await page.getByText('Accepts certificates of the private CA.').first().waitFor();
    await page.getByText('Asks its clients for no certificate.').waitFor();
    await rowOf('pump-8').waitFor();
    expect(await page.getByText('PRIVATE KEY').count()).toBe(0);
    watched.expectClean();
  });

  test('a certificate that is issued in the console is downloaded once, and mosquitto_pub gets in with it', async () => {
    await page.getByRole('button', { name: 'Issue certificate' }).first().click();
    await dialog().getByLabel('Common name').fill('pump-9');
    await dialog().getByLabel('Also as PKCS#12', { exact: false }).check();
    await expectAxeCleanNow(page);
    await dialog().getByRole('button', { name: 'Issue', exact: true }).click();
    await dialog().getByText('shown this once', { exact: false }).waitFor();
    const saved = async (button: string): Promise<string> => {
      const download = page.waitForEvent('download');
      await dialog().getByRole('button', { name: button, exact: true }).click();
      const file = await download;
      const path = join(home, file.suggestedFilename());
      await file.saveAs(path);
      return path;
    };
    const [key, cert, p12] = [await saved('Private key'), await saved('Certificate'), await saved('PKCS#12')];
    const password = (await dialog().getByTestId('pkcs12-password').textContent()) ?? '';
    const opened = await runProgram('openssl', [
      'pkcs12',
      '-in',
      p12,
      '-nodes',
      '-passin',
      `pass:${password}`,
    ]);
    expect(opened.stdout).toContain('BEGIN PRIVATE KEY');
    const command = (await dialog().getByLabel('mosquitto_pub').first().textContent()) ?? '';
    expect(command).toContain(`-p ${String(server.ports.tls)}`);
    await expectAxeCleanNow(page);

    const published = await runProgram('mosquitto_pub', [
      ...['-h', 'localhost', '-p', String(server.ports.tls), '--cafile', join(server.dataDir, 'pki/ca.crt')],
      ...['--cert', cert, '--key', key, '-t', 'pumps/pump-9/state', '-m', 'on', '-q', '1'],
    ]);
    expect(published, published.stderr).toMatchObject({ code: 0 });
    await dialog().getByRole('button', { name: 'I have kept it' }).click();
    await rowOf('pump-9').waitFor();
    watched.expectClean();
  });

  test('a certificate, and a command, pasted into the tester fill it in; it says who gets in', async () => {
    const { certificate } = await api.ok<NewCertificateDto>('POST', '/certificates', {
      commonName: 'pump-11',
    });
    await page.goto(`${origin}/try`);
    await settled(page);
    const paste = async (text: string): Promise<void> => {
      await page.getByLabel('Fill in from what you have').fill(text);
      await page.getByLabel('Fill in from what you have').blur();
    };
    const answer = page.getByTestId('try-outcome');
    await paste('what is this');
    await page.getByText('This is none of them').waitFor();
    await paste(`${certificate}\n-----BEGIN PRIVATE KEY-----\nbm90IHNlbnQ=\n-----END PRIVATE KEY-----`);
    await page.getByText('The certificate is filled in.').waitFor();
    expect(await page.getByLabel('Listener', { exact: true }).inputValue()).toBe('tls');
    expect(await page.getByLabel('Certificate it presents').inputValue()).not.toContain('PRIVATE');
    await expectAxeCleanNow(page);
    await page.getByRole('button', { name: 'Try', exact: true }).click();
    await expect.poll(() => answer.textContent()).toBe('It would be admitted');

    await page.getByLabel('Certificate it presents').fill('');
    await paste(`mosquitto_pub -h localhost -p ${String(server.ports.tls)} --cafile ca.crt -i pump-11 -t a`);
    await page.getByText('Filled in. Look it over').waitFor();
    expect(await page.getByLabel('Client ID', { exact: true }).inputValue()).toBe('pump-11');
    await page.getByRole('button', { name: 'Try', exact: true }).click();
    await expect.poll(() => answer.textContent()).toBe('It would be refused');
    await page.goto(`${origin}/certificates`);
    watched.expectClean();
  });

  test('the authenticator of certificates is tested with the certificate that a client would present', async () => {
    const { certificate } = await api.ok<NewCertificateDto>('POST', '/certificates', {
      commonName: 'pump-12',
    });
    const [name = ''] = (await api.ok<{ items: AuthenticatorDto[] }>('GET', '/authenticators')).items
      .filter(({ type }) => type === 'x509')
      .map((one) => one.name);
    await page.goto(`${origin}/authentication?open=${name}`);
    await settled(page);
    const drawer = page.getByRole('dialog').first();
    await drawer.getByLabel('Ask about a client').check();
    await drawer.getByLabel('Client ID', { exact: true }).fill('pump-12');
    await drawer.getByLabel('Certificate it presents').fill(certificate);
    await drawer.getByRole('button', { name: 'Test', exact: true }).click();
    const result = drawer.getByTestId('test-result');
    await result.getByText('allowed', { exact: true }).waitFor();
    await expectAxeCleanNow(page);
    await drawer.getByLabel('Certificate it presents').fill('');
    await drawer.getByRole('button', { name: 'Test', exact: true }).click();
    await result.getByText('no opinion', { exact: true }).waitFor();
    await page.goto(`${origin}/certificates`);
    watched.expectClean();
  });

  test('a certificate that is revoked in the console closes its session, and refuses the device with its reason', async () => {
    const made = await api.ok<NewCertificateDto>('POST', '/certificates', { commonName: 'pump-10' });
    const device = await connect('pump-10', made.certificate, made.privateKey ?? '');
    expect(device.code).toBe(0);
    await page.goto(`${origin}/certificates?search=pump-10`);
    await page.getByRole('button', { name: 'Revoke the certificate of pump-10' }).click();
    await dialog().getByLabel('Reason').selectOption({ label: 'Key lost or stolen' });
    await dialog().getByRole('button', { name: 'Revoke', exact: true }).click();
    await expect.poll(() => device.client.connected, { timeout: CLOSED_WITHIN_MS }).toBe(false);
    await rowOf('pump-10').getByText('Revoked').waitFor();
    expect((await connect('pump-10', made.certificate, made.privateKey ?? '')).code).toBe(NOT_AUTHORIZED);
    expect(await refusedRow('pump-10')).toMatchObject({ reason: 'TLS_CERT_REVOKED' });
    watched.expectClean();
  });

  test('a certificate is renewed in the console, for the key that the device has', async () => {
    await page.goto(`${origin}/certificates?search=pump-9`);
    await page.getByRole('button', { name: 'Renew the certificate of pump-9' }).click();
    await dialog().getByText('The same', { exact: true }).click();
    await dialog().getByRole('button', { name: 'Renew', exact: true }).click();
    await dialog().getByText('The key stays where', { exact: false }).waitFor();
    await dialog().getByRole('button', { name: 'Close' }).last().click();
    await expect
      .poll(
        async () =>
          (await api.ok<{ items: IssuedCertificateDto[] }>('GET', '/certificates?search=pump-9')).items
            .length,
      )
      .toBe(2);
    watched.expectClean();
  });

  test("a stranger's chain is shown on the page of the refusal; trusting its CA lets the device in", async () => {
    const pki = new ClientPki();
    try {
      const root = pki.make({ subject: '/O=Acme/CN=Acme Root', isAuthority: true });
      const leaf = pki.make({ subject: '/CN=pump-77', issuer: root });
      const chain = leaf.cert + root.cert;
      expect((await connect('pump-77', chain, leaf.key)).code).toBe(NOT_AUTHORIZED);
      const row = await refusedRow('pump-77');
      expect(row).toMatchObject({
        reason: 'TLS_CERT_UNTRUSTED',
        certificateChain: [{ pem: null }, { problem: 'no-path' }],
      });
      await expectAxeClean(page, `${origin}/unauthorized/${row.id}`);
      await page.getByText('leads to no trusted CA').waitFor();
      await page.getByRole('button', { name: 'Trust this CA…' }).click();
      await dialog()
        .getByText(row.certificateChain[1]?.fingerprint ?? 'none')
        .waitFor();
      await expectAxeCleanNow(page);
      await dialog().getByRole('button', { name: 'Trust it' }).click();
      await expect.poll(async () => (await connect('pump-77', chain, leaf.key)).code).toBe(0);
      const { trusted } = await api.ok<CertificateAuthorityDto>('GET', '/certificates/authority');
      expect(trusted).toMatchObject([{ subject: 'CN=Acme Root,O=Acme' }]);
      const device = clients.at(-1);
      await api.ok('DELETE', `/certificates/trusted/${trusted[0]?.fingerprint ?? ''}`);
      await expect.poll(() => device?.connected, { timeout: CLOSED_WITHIN_MS }).toBe(false);
      watched.expectClean();
    } finally {
      pki.remove();
    }
  });

  test('the menu of a refused row blocks, prefilled with what is known of the client', async () => {
    await page.goto(`${origin}/unauthorized?state=all`);
    await page
      .getByRole('button', { name: /pump-77/ })
      .last()
      .click();
    await page.getByRole('menuitem', { name: 'Block…' }).click();
    expect(await dialog().getByLabel('Value').inputValue()).toBe('pump-77');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    watched.expectClean();
  });
});
