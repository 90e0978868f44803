// `npm run screenshots [-- FOLDER]`: every page in both themes at three widths, from a real server with the demo fleet on it.
// Without a folder the 1440 px ones go to docs/screenshots (what the README shows); with one, all of them go there.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';
import { root } from './lib/run.mjs';

const WIDTHS = { 1440: 900, 1024: 768, 390: 844 };
/** The fleet is there until the last picture is taken. */
const DEMO_SECONDS_MAX = 900;
/** Until the fleet is worth looking at. */
const SETTLE_MS = 21_000;
const RETAINED = [
  ['plant/pump-station-07/status', '{"running":true,"rpm":1480,"bearing":41.5}'],
  ['plant/conveyor-2/status', 'stopped'],
  ['plant/cold-room-3/temperature', '-18.4'],
];
const PAGES = [
  ['overview', '/'],
  ['unauthorized', '/unauthorized'],
  ['drawer', '/unauthorized', openReason],
  ['credentials', '/credentials'],
  ['credential-new', '/credentials/new?username=pump-7'],
  ['clients', '/clients'],
  ['client-drawer', '/clients', openFirstRow],
  ['subscriptions', '/subscriptions'],
  ['retained', '/retained'],
  ['retained-drawer', '/retained', openFirstRow],
  ['messages', '/messages', connectAndSubscribe],
  ['limits', '/settings/limits'],
  ['start', '/start'],
  ['try', '/try'],
  ['audit', '/audit'],
  ['api-keys', '/settings/api-keys'],
  ['users', '/settings/users'],
];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
];

const target = process.argv[2];
const folder = target ?? join(root, 'docs/screenshots');
const widths = target === undefined ? ['1440'] : Object.keys(WIDTHS);

async function openReason(page) {
  // The row's name: a button in the table and on the cards of narrow screens. This client has a story to tell.
  await page.locator('[data-open-row]').filter({ hasText: 'pump-station-07' }).first().click();
  await page.getByRole('dialog').waitFor();
}

async function openFirstRow(page) {
  await page.locator('tbody td button').first().click({ timeout: 5_000 });
  await page.getByRole('dialog').waitFor();
}

async function connectAndSubscribe(page) {
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByText('connected', { exact: true }).waitFor();
  await page.getByLabel('Topic filter').fill('#');
  await page.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await pause(3_000);
}

async function startServer(dataDir) {
  const free = [
    'listeners.tcp.port=0',
    'listeners.ws.port=0',
    'listeners.tls.port=0',
    'listeners.wss.port=0',
    'api.port=0',
    'console.port=0',
    `data_dir=${dataDir}`,
  ];
  const child = spawn(process.execPath, [
    join(root, 'apps/server/bin/gatehouse.js'),
    'start',
    ...settings(free),
  ]);
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  while (!existsSync(join(dataDir, 'run.json'))) {
    if (child.exitCode !== null) throw new Error(output);
    await pause(100);
  }
  const { ports } = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8'));
  return { child, ports, setupLink: /https?:\/\/\S+\/setup#token=\S+/.exec(output)[0] };
}

const settings = (list) => list.flatMap((one) => ['--set', one]);

function gatehouse(dataDir, args) {
  const all = [join(root, 'apps/server/bin/gatehouse.js'), ...args, ...settings([`data_dir=${dataDir}`])];
  const child = spawn(process.execPath, all, { stdio: 'ignore' });
  return { child, done: new Promise((resolve) => child.on('close', resolve)) };
}

await ensureInstalled(console.log);
await ensureBuilt(console.log);
mkdirSync(folder, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-shots-'));
const server = await startServer(dataDir);
const demo = gatehouse(dataDir, ['demo', '--keep', '--seconds', String(DEMO_SECONDS_MAX)]);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: FLAGS,
});
try {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(server.setupLink);
  await page.getByLabel(/e-mail/i).fill('olga@example.com');
  await page.getByLabel(/name/i).first().fill('Olga Owner');
  await page.locator('input[type=password]').last().fill('seven quiet herons at dusk');
  await page.locator('form button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/setup'));
  for (const [topic, message] of RETAINED) {
    await gatehouse(dataDir, ['publish', '--retain', '--topic', topic, '--message', message]).done;
  }
  await pause(SETTLE_MS);
  const origin = new URL(server.setupLink).origin;
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width: Number(width), height: WIDTHS[width] });
      for (const [name, path, prepare] of PAGES) {
        await page.goto(`${origin}${path}`);
        await page.locator('main').first().waitFor();
        await pause(1200); // charts draw and fonts settle; a picture, not a test
        await prepare?.(page).catch((error) => console.error(`${name}: ${error.message}`));
        await pause(400);
        const file = target === undefined ? `${name}-${theme}.png` : `${name}-${theme}-${width}.png`;
        await page.screenshot({ path: join(folder, file) });
      }
    }
  }
} finally {
  await browser.close();
  demo.child.kill('SIGTERM');
  await demo.done;
  server.child.kill('SIGTERM');
  await new Promise((resolve) => server.child.once('exit', resolve));
  rmSync(dataDir, { recursive: true, force: true });
}
console.log(`Screenshots are in ${folder}`);
