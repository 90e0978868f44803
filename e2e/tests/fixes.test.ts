import type { Browser, Locator, Page } from 'playwright-core';
import type { CredentialWithSecretDto } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { expectAxeCleanNow } from '../support/axe.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { connectPacket, mqttJs, paho, rawBytes } from '../support/clients.ts';
import { HOSTILE_CLIENT_IDS } from '../support/hostile.ts';
import { startServer, type Server } from '../support/server.ts';
import { inTabs } from '../support/tabs.ts';
import { until } from '../support/until.ts';

const ADMITTED = 0;
const BAD_CREDENTIALS = 4;
const GUESSES = 40;
/** Two pages for each hostile client. */
const PAGES_MS_MAX = 240_000;
const HOSTILE_ROWS_MAX = 200;
/** Longer than what is kept of a client ID, shorter than what the broker reads before it knows a client. */
const CLIENT_ID_CHARACTERS_MAX = 2_000;
const HOSTILE = HOSTILE_CLIENT_IDS.map(({ clientId }) => clientId.slice(0, CLIENT_ID_CHARACTERS_MAX));

let server: Server;
let api: Api;
let browser: Browser;
let watched: Watched;
let page: Page;
let origin: string;

beforeAll(async () => {
  server = await startServer({ console: true });
  api = new Api(server);
  ({ browser, watched, page, origin } = await consoleAsOwner(server, {
    permissions: ['clipboard-read', 'clipboard-write'],
  }));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** A device whose client ID is its username, as Python paho connects it; resolves to its CONNACK code. */
const connect = (name: string, password: string): Promise<number> =>
  paho(server.ports.tcp, { clientId: name, username: name, password });

const credentialFor = async (
  username: string,
  change: Record<string, unknown> = {},
): Promise<{ readonly id: string; readonly secret: string }> => {
  const { id, secret = '' } = await api.createCredential({ username, ...change });
  return { id, secret };
};

/** Opens the reason of a client that was refused for `reason`, on the drawer. */
async function openReason(clientId: string, reason: string): Promise<Locator> {
  const row = await api.row(`clientId=${clientId}`, (one) => one.reason === reason);
  await page.goto(`${origin}/unauthorized?open=${row.id}`);
  const drawer = page.getByRole('dialog').first();
  await drawer.getByText(reason, { exact: true }).first().waitFor();
  return drawer;
}

const press = (drawer: Locator, name: string): Promise<void> =>
  drawer.getByRole('button', { name, exact: true }).click();

describe('each fix of the drawer fixes: the same device connects afterwards', () => {
  test('correct the credential: with the client ID that the device has, it gets in, and no second one is made', async () => {
    const { secret } = await credentialFor('fix-near', { clientId: 'fix-near-7' });
    expect(await connect('fix-near', secret)).toBe(BAD_CREDENTIALS);
    const drawer = await openReason('fix-near', 'BASIC_NO_CREDENTIALS');
    await drawer.getByText('expects the client ID “fix-near-7”').first().waitFor();
    await drawer.getByRole('link', { name: 'Correct the credential', exact: true }).click();
    const form = page.getByRole('dialog', { name: 'fix-near' });
    await form.getByLabel('Client ID').fill('fix-near');
    await press(form, 'Save');
    await until('the device gets in', async () => (await connect('fix-near', secret)) === ADMITTED);
  });

  test('set a new secret', async () => {
    const { secret } = await credentialFor('fix-reset');
    expect(await connect('fix-reset', 'wrong')).toBe(BAD_CREDENTIALS);
    const drawer = await openReason('fix-reset', 'BASIC_PASSWORD_MISMATCH');
    await press(drawer, 'Set a new secret');
    await press(page.getByRole('dialog', { name: 'Set a new secret' }), 'Set a new secret');
    const shown = await page.getByTestId('secret').textContent();
    expect(await connect('fix-reset', secret)).toBe(BAD_CREDENTIALS);
    expect(await connect('fix-reset', shown ?? '')).toBe(ADMITTED);
    await page.getByText('The client got in: its row is resolved.').waitFor();
    await press(page.getByRole('dialog', { name: 'New secret set' }), 'I have stored it');
  });

  test('accept the old one for 24 h: a rotated device is told from a guesser, and gets in again', async () => {
    const { id, secret } = await credentialFor('fix-previous');
    await api.ok<CredentialWithSecretDto>('POST', `/credentials/${id}/secret`, { keepPreviousForSeconds: 0 });
    expect(await connect('fix-previous', secret)).toBe(BAD_CREDENTIALS);
    const drawer = await openReason('fix-previous', 'BASIC_PASSWORD_MISMATCH');
    await drawer.getByText('is the secret from before the last change').first().waitFor();
    await press(drawer, 'Accept the old one for 24 h');
    await page.getByText('The previous secret is accepted for 24 hours').waitFor();
    expect(await connect('fix-previous', secret)).toBe(ADMITTED);
    expect(await connect('fix-previous', 'guessed')).toBe(BAD_CREDENTIALS);
  });

  test('enable the credential', async () => {
    const { secret } = await credentialFor('fix-enable', { enabled: false });
    expect(await connect('fix-enable', secret)).not.toBe(ADMITTED);
    await press(await openReason('fix-enable', 'CREDENTIAL_DISABLED'), 'Enable the credential');
    await page.getByText('The credential is enabled', { exact: true }).waitFor();
    expect(await connect('fix-enable', secret)).toBe(ADMITTED);
  });

  test('extend the credential', async () => {
    const { secret } = await credentialFor('fix-extend', { expiresAt: '2020-01-01T00:00:00Z' });
    expect(await connect('fix-extend', secret)).not.toBe(ADMITTED);
    await press(await openReason('fix-extend', 'CREDENTIAL_EXPIRED'), 'Extend the credential');
    const asking = page.getByRole('dialog', { name: 'Extend the credential' });
    await asking.locator('input:focus').waitFor();
    await press(asking, 'Extend the credential');
    await page.getByText('The credential is valid again', { exact: true }).waitFor();
    await asking.waitFor({ state: 'detached' });
    await page.getByRole('dialog').locator(':focus').waitFor();
    expect(await connect('fix-extend', secret)).toBe(ADMITTED);
  });

  test('release the session that another identity holds', async () => {
    const holder = await credentialFor('fix-holder');
    const waiting = await credentialFor('fix-waiting');
    const url = `mqtt://127.0.0.1:${String(server.ports.tcp)}`;
    const shared = { clientId: 'fix-session', protocolVersion: 5 as const };
    const take = (username: string, password: string) => mqttJs(url, { ...shared, username, password });
    const held = await take('fix-holder', holder.secret);
    expect(held.code).toBe(ADMITTED);
    expect((await take('fix-waiting', waiting.secret)).code).not.toBe(ADMITTED);
    await press(await openReason('fix-session', 'SESSION_OWNED_BY_OTHER'), 'Release the session');
    await page.getByText('The session has ended; the client can connect').waitFor();
    const taken = await take('fix-waiting', waiting.secret);
    expect(taken.code).toBe(ADMITTED);
    await Promise.all([held.client.endAsync(true), taken.client.endAsync(true)]);
  });

  test('open in tester, filled in with what the device sent', async () => {
    expect(await connect('fix-tester', 'some')).toBe(BAD_CREDENTIALS);
    const drawer = await openReason('fix-tester', 'BASIC_NO_CREDENTIALS');
    await drawer.getByRole('link', { name: 'Open in tester' }).click();
    await page.getByRole('heading', { name: 'Try a connection' }).waitFor();
    expect(await page.getByLabel('Client ID', { exact: true }).inputValue()).toBe('fix-tester');
    expect(await page.getByRole('textbox', { name: 'Username' }).inputValue()).toBe('fix-tester');
  });
});

describe('a watch', () => {
  test('shows every attempt as it happens, let in or not, with its masked bytes, until it is stopped', async () => {
    const { secret } = await credentialFor('watched-1');
    await connect('watched-1', 'wrong');
    const row = await api.row('clientId=watched-1');
    await page.goto(`${origin}/unauthorized`);
    const line = page.locator(`tr[data-row="${row.id}"]`);
    await line.getByRole('button', { name: /^Actions for/ }).click();
    await page.getByRole('menuitem', { name: 'Watch this client' }).click();
    const panel = page.getByRole('dialog', { name: 'Watches' });
    await panel.getByText('Waiting for the next attempt').waitFor();

    await connect('watched-1', 'wrong-again');
    expect(await connect('watched-1', secret)).toBe(ADMITTED);
    const attempts = panel.getByRole('region', { name: 'Attempts' }).getByRole('listitem');
    await attempts.nth(1).waitFor();
    expect(await attempts.first().textContent()).toContain('allowed');
    expect(await attempts.nth(1).textContent()).toContain('refused');
    await attempts.nth(1).locator('summary').click();
    const bytes = await attempts
      .nth(1)
      .getByRole('group', { name: /^CONNECT/ })
      .textContent();
    const hex = (bytes ?? '').replaceAll(' ', '');
    expect(hex).toContain(Buffer.from('watched-1').toString('hex'));
    expect(hex).not.toContain(Buffer.from('wrong-again').toString('hex'));

    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expectAxeCleanNow(page);
    }

    await panel.getByRole('button', { name: /^Stop watching watched-1/ }).click();
    await panel.getByText('Nothing is watched').waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    watched.expectClean();
  });
});

describe('hostile client IDs are only ever text', () => {
  /** How U+202E, which would turn what follows around, is shown. */
  const RLO_NAME = 'RLO';

  const hostileRows = async () => {
    const { items } = await api.refused(`limit=${String(HOSTILE_ROWS_MAX)}`);
    return items.filter(({ clientId }) =>
      HOSTILE.some((one) => clientId !== null && clientId !== '' && one.startsWith(clientId)),
    );
  };

  beforeAll(async () => {
    for (const clientId of HOSTILE) {
      const packet = connectPacket({ clientId, username: clientId.slice(0, 500), password: 'x' });
      await rawBytes(server.ports.tcp, packet);
      if (clientId.length > 1_000) continue;
      await api.createCredential({ name: clientId.trim().slice(0, 200), username: clientId });
    }
    await until('every hostile client is recorded', async () =>
      (await hostileRows()).length === HOSTILE.length ? true : undefined,
    );
  });

  /** Nothing ran, nothing was logged, and no control or reordering character is in the page as itself. */
  async function expectHarmless(tab = watched): Promise<void> {
    expect(await tab.page.evaluate(() => '__hacked' in globalThis)).toBe(false);
    const text = await tab.page.locator('body').innerText();
    expect(text).not.toMatch(/[\u0007\u0008\u001B\u200B\u202A-\u202E\u2066-\u2069\uFEFF]/);
    tab.expectClean();
  }

  test('in the table, where what cannot be seen is a token', async () => {
    await page.goto(`${origin}/unauthorized?state=all`);
    await page
      .locator('tbody tr')
      .nth(HOSTILE.length - 1)
      .waitFor();
    await page.locator('tbody').getByText(RLO_NAME, { exact: true }).first().waitFor();
    await page.locator('tbody').getByText('ESC', { exact: true }).first().waitFor();
    await expectHarmless();
  });

  test.each(['incident', 'network', 'username', 'reason'])('in the groups by %s', async (by) => {
    await page.goto(`${origin}/unauthorized?state=all&group=${by}`);
    await page.locator('tbody tr').first().waitFor();
    await expectHarmless();
  });

  test(
    'in the drawer and on the page of each',
    async () => {
      const rows = await hostileRows();
      const paths = rows.flatMap(({ id }) => [`/unauthorized?open=${id}`, `/unauthorized/${id}`]);
      await inTabs(page.context(), origin, paths, async (tab) => {
        await tab.page.getByText('Likely cause').first().waitFor();
        await expectHarmless(tab);
      });
    },
    PAGES_MS_MAX,
  );

  test.each(['/credentials', '/audit'])('on %s, under names that are as hostile', async (path) => {
    await page.goto(`${origin}${path}`);
    await page.locator('tbody').getByText(RLO_NAME, { exact: true }).first().waitFor();
    await expectHarmless();
  });
});

/** Last, for it costs this address its tries: the tests before connect from the same one. */
describe('after a burst of guesses', () => {
  test('let it try again now: the failures are forgotten and the right password is taken at once', async () => {
    const { secret } = await credentialFor('fix-burst');
    const guess = (at: number): Buffer =>
      connectPacket({ clientId: 'fix-burst', username: 'fix-burst', password: `guess-${String(at)}` });
    for (let at = 0; at < GUESSES; at += 1) await rawBytes(server.ports.tcp, guess(at));
    expect(await connect('fix-burst', secret)).not.toBe(ADMITTED);
    await press(await openReason('fix-burst', 'TOO_MANY_FAILURES'), 'Let it try again now');
    await page.getByText('The failures are forgotten; it may try again at once').waitFor();
    expect(await connect('fix-burst', secret)).toBe(ADMITTED);
    watched.expectClean();
  });
});
