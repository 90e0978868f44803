// `npm run screenshots [-- FOLDER [NAME…]]`: every page, or those of these names, in both themes at three widths, from a real server with the demo fleet on it.
// Without a folder the 1440 px ones go to docs/screenshots (what the README shows); with one, all of them go there.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { ensureBuilt, ensureInstalled } from './lib/prepare.mjs';
import { root } from './lib/run.mjs';
import { furnish } from './lib/screenshot-house.mjs';
import { OUTSIDE, PAGES } from './lib/screenshot-pages.mjs';

const WIDTHS = { 1440: 900, 1024: 768, 390: 844 };
/** The fleet is there until the last picture is taken. */
const DEMO_SECONDS_MAX = 900;
/** Until the fleet is worth looking at. */
const SETTLE_MS = 21_000;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
];

const [target, ...names] = process.argv.slice(2);
const folder = target ?? join(root, 'docs/screenshots');
const widths = target === undefined ? ['1440'] : Object.keys(WIDTHS);

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
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let complaints = '';
  child.stdout.on('data', (data) => (printed += data));
  child.stderr.on('data', (data) => (complaints += data));
  const done = new Promise((resolve) => child.on('close', (code) => resolve({ code, printed, complaints })));
  return { child, done };
}

/** Takes each of these pages in both themes, at every width that is asked for. No path: the page as it stands. */
async function picture(page, pages) {
  const { origin } = new URL(server.setupLink);
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const width of widths) {
      await page.setViewportSize({ width: Number(width), height: WIDTHS[width] });
      for (const [name, path, prepare] of pages) {
        if (names.length > 0 && !names.includes(name)) continue;
        if (path !== undefined) await page.goto(`${origin}${path}`);
        await page.locator('main').first().waitFor();
        await pause(1200); // charts draw and fonts settle; a picture, not a test
        await prepare?.(page).catch((error) => console.error(`${name}: ${error.message}`));
        await pause(400);
        const file = target === undefined ? `${name}-${theme}.png` : `${name}-${theme}-${width}.png`;
        await page.screenshot({ path: join(folder, file) });
      }
    }
  }
}

/** Debian's Chromium, with windows or without: they draw the same. */
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell'];

await ensureInstalled(console.log);
await ensureBuilt(console.log);
mkdirSync(folder, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-shots-'));
const server = await startServer(dataDir);
const demo = gatehouse(dataDir, ['demo', '--keep', '--seconds', String(DEMO_SECONDS_MAX)]);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path)),
  args: FLAGS,
});
try {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(server.setupLink);
  await page.getByLabel(/e-mail/i).waitFor();
  await picture(page, [['setup', undefined]]);
  await page.getByLabel(/e-mail/i).fill('olga@example.com');
  await page.getByLabel(/name/i).first().fill('Olga Owner');
  await page.locator('input[type=password]').last().fill('seven quiet herons at dusk');
  await page.locator('form button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/setup'));
  const run = async (args) => {
    const { code, printed, complaints } = await gatehouse(dataDir, args).done;
    if (code !== 0) throw new Error(`gatehouse ${args.join(' ')}: ${complaints}`);
    return printed;
  };
  await furnish(run, `http://127.0.0.1:${String(server.ports.api)}`);
  await pause(SETTLE_MS);
  const stranger = await browser.newContext({ reducedMotion: 'reduce' });
  await picture(await stranger.newPage(), OUTSIDE);
  await stranger.close();
  await picture(page, PAGES);
} finally {
  await browser.close();
  demo.child.kill('SIGTERM');
  await demo.done;
  server.child.kill('SIGTERM');
  await new Promise((resolve) => server.child.once('exit', resolve));
  rmSync(dataDir, { recursive: true, force: true });
}
console.log(`Screenshots are in ${folder}`);
