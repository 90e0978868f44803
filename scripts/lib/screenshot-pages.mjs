// What `npm run screenshots` takes pictures of: every page, and what opens on it.
import { setTimeout as pause } from 'node:timers/promises';

/** The refused client that has a story to tell. */
const TOLD = 'pump-station-07';

/** Pages for who is not signed in. */
export const OUTSIDE = [
  ['login', '/login'],
  ['invite', '/invite'],
];

/** Pages of the console: name of the picture, path, what to do before it is taken. */
export const PAGES = [
  ['overview', '/'],
  ['wall', '/?wall=1'],
  ['palette', '/', openPalette],
  ['unauthorized', '/unauthorized'],
  ['drawer', '/unauthorized', openTold],
  ['refused-client', '/unauthorized', openToldPage],
  ['credentials', '/credentials'],
  ['credential-drawer', '/credentials', openFirstRow],
  ['credential-new', '/credentials/new?username=pump-7'],
  [
    'credential-x509',
    '/credentials/new',
    (page) => page.getByRole('radio', { name: /^Client certificate/ }).check(),
  ],
  ['credential-scram', '/credentials/new', createScram],
  ['credential-import', '/credentials', openImport],
  ['clients', '/clients'],
  ['client-drawer', '/clients', openFirstRow],
  ['subscriptions', '/subscriptions'],
  ['retained', '/retained'],
  ['retained-drawer', '/retained', openFirstRow],
  ['messages', '/messages', connectAndSubscribe],
  ['authentication', '/authentication'],
  ['authenticator', '/authentication?open=builtin'],
  ['authenticator-new', '/authentication/new?type=ldap'],
  ['access', '/access'],
  ['blocked', '/blocked'],
  ['certificates', '/certificates'],
  ['alerts', '/alerts'],
  ['try', '/try'],
  ['try-result', '/try', tryTold],
  ['start', '/start'],
  ['audit', '/audit'],
  ['account', '/settings/account'],
  ['users', '/settings/users'],
  ['api-keys', '/settings/api-keys'],
  ['limits', '/settings/limits'],
  ['not-found', '/no-such-page'],
];

async function openPalette(page) {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
}

async function openTold(page) {
  // The row's name: a button in the table and on the cards of narrow screens.
  await page.locator('[data-open-row]').filter({ hasText: TOLD }).first().click();
  await page.getByRole('dialog').waitFor();
}

async function openToldPage(page) {
  await openTold(page);
  const id = new URL(page.url()).searchParams.get('open');
  await page.goto(new URL(`/unauthorized/${id}`, page.url()).href);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

async function openFirstRow(page) {
  await page.locator('tbody td button').first().click({ timeout: 5_000 });
  await page.getByRole('dialog').waitFor();
}

async function createScram(page) {
  await page.getByRole('radio', { name: /^SCRAM/ }).check();
  await page.getByLabel('Username', { exact: true }).fill(`gateway-${String(Date.now())}`);
  await page.getByRole('button', { name: 'Create credential' }).click();
  await page.getByRole('link', { name: 'Done' }).waitFor();
}

async function openImport(page) {
  await page.getByRole('button', { name: 'Import…' }).click({ timeout: 5_000 });
  await page.getByRole('dialog').waitFor();
}

async function tryTold(page) {
  await page.getByLabel('Client ID', { exact: true }).fill(TOLD);
  await page.getByLabel('Username', { exact: true }).fill(TOLD);
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Try', exact: true }).click();
  await page.getByText('Steps', { exact: false }).first().waitFor({ timeout: 5_000 });
}

async function connectAndSubscribe(page) {
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByText('connected', { exact: true }).waitFor();
  await page.getByLabel('Topic filter').fill('#');
  await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await pause(3_000);
}
