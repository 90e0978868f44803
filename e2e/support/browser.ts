import { existsSync } from 'node:fs';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { expect } from 'vitest';

/** Debian's Chromium without windows draws the same with a little more than half of the processor's time. */
const SHELL = '/usr/bin/chromium-headless-shell';
const CHROMIUM = process.env['CHROMIUM'] ?? (existsSync(SHELL) ? SHELL : '/usr/bin/chromium');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium, headless; nothing is downloaded. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

export interface Watched {
  readonly page: Page;
  /** Fails when the page logged an error, threw, was blocked by the CSP or asked another origin. */
  expectClean(): void;
}

/** A page whose mistakes are collected: console errors, exceptions, CSP violations, requests to other origins. */
export async function watchedPage(context: BrowserContext, origin: string): Promise<Watched> {
  const page = await context.newPage();
  const mistakes: string[] = [];
  page.on('pageerror', (error) => mistakes.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    // A 401 or 404 that the page handles is logged by the browser itself as a failed resource.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      mistakes.push(message.text());
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin)
      mistakes.push(`other origin: ${request.url()}`);
  });
  return {
    page,
    expectClean: () => {
      expect(mistakes).toEqual([]);
    },
  };
}

const OWNER = {
  email: 'owner@example.com',
  name: 'Olga Owner',
  password: 'seven quiet herons at dusk',
} as const;

/** Follows the printed setup link and makes the owner account. */
export async function becomeOwner(page: Page, setupLink: string): Promise<void> {
  await page.goto(setupLink);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Your name').fill(OWNER.name);
  await page.locator('input[type=password]').last().fill(OWNER.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/setup'));
}

/** A console in a browser, with its owner signed in. */
export interface OwnersConsole {
  readonly browser: Browser;
  readonly watched: Watched;
  readonly page: Page;
  readonly origin: string;
}

/** Makes the owner as the setup page does, without drawing it: the context is signed in afterwards. */
async function signInAsOwner({ request }: BrowserContext, setupLink: string): Promise<void> {
  const { origin, hash } = new URL(setupLink);
  const answer = await request.post(`${origin}/api/v1/setup`, {
    data: { ...OWNER, token: new URLSearchParams(hash.slice(1)).get('token') },
    headers: { origin },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

/** Opens the console of a new server, with its owner signed in; the caller closes the browser. */
export async function consoleAsOwner(
  server: { setupLink(): string },
  options: BrowserContextOptions = {},
): Promise<OwnersConsole> {
  const browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const origin = new URL(server.setupLink()).origin;
  const watched = await watchedPage(context, origin);
  await signInAsOwner(context, server.setupLink());
  await watched.page.goto(origin);
  return { browser, watched, page: watched.page, origin };
}
