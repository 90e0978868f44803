import type { OverviewDto, SeriesDto } from '@gatehouse/contract';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { becomeOwner, launchBrowser, watchedPage, type Watched } from '../support/browser.ts';
import { mqttJs } from '../support/clients.ts';
import { startServer, type Server } from '../support/server.ts';
import { startStandingConsole, type StandingConsole } from '../support/standing-console.ts';
import { until } from '../support/until.ts';

/** Long enough for all that is refused here, and for the samples of it. */
const RANGE_MS = 18_000;
const GUESSER = { clientId: 'guesser', username: 'plant', password: 'wrong' } as const;
const REFUSED = [
  GUESSER,
  GUESSER,
  GUESSER,
  { ...GUESSER, clientId: 'pump-1' },
  { ...GUESSER, clientId: 'pump-2' },
  { ...GUESSER, clientId: 'pump-3' },
  { clientId: 'stranger-1', username: 'nobody', password: 'x' },
  { clientId: 'stranger-2', username: 'nobody', password: 'x' },
] as const;
const CLIENTS = new Set(REFUSED.map(({ clientId }) => clientId)).size;

/** The overview, with real clients that a real broker refused. */
describe('the overview: from each number one click to the rows behind it', () => {
  let server: Server;
  let house: StandingConsole;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let address: string;
  let range: string;
  let api: Api;
  const main = (): Locator => page.locator('main').first();
  const rows = (): Promise<number> => page.locator('tbody tr').count();

  const connect = async (device: {
    clientId: string;
    username: string;
    password: string;
  }): Promise<number> => {
    const { code, client } = await mqttJs(`mqtt://127.0.0.1:${String(server.ports.tcp)}`, device);
    await client.endAsync(true);
    return code;
  };

  beforeAll(async () => {
    server = await startServer({ console: true });
    await server.cli(['credentials', 'add', '--username', 'plant', '--password-stdin'], 'seven herons');
    const link = new URL(server.setupLink());
    house = await startStandingConsole(server.ports.api, link.origin);
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1680, height: 1050 } });
    watched = await watchedPage(context, house.origin);
    page = watched.page;
    await becomeOwner(page, `${house.origin}${link.pathname}${link.hash}`);
    api = new Api(server);
    const overview = async (query: string) =>
      (await api.call<OverviewDto>('GET', `/stats/overview?${query}`)).body;
    // As much is kept of the time before as the range is long.
    await until('samples reach back as far as the period before', async () => {
      const { refused } = await overview(`from=${new Date(Date.now() - RANGE_MS).toISOString()}`);
      return refused.before ?? undefined;
    });
    const from = Date.now();
    for (const device of REFUSED) expect(await connect(device)).not.toBe(0);
    expect(await connect({ clientId: 'lamp', username: 'plant', password: 'seven herons' })).toBe(0);
    range = `from=${new Date(from).toISOString()}&to=${new Date(from + RANGE_MS).toISOString()}`;
    address = `${house.origin}/?${range}`;
    await until('the refusals are counted, stored and known to be new', async () => {
      const { refused, accepted, refusedClients, news } = await overview(range);
      return refused.now === REFUSED.length &&
        accepted.now === 1 &&
        refusedClients.clients === CLIENTS &&
        news.reasons.length === 2 &&
        news.networks.length === 1
        ? true
        : undefined;
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await house.stop();
    await server.stop();
  });

  /** How far along the chart the refusals are drawn: bars stand at the starts of their steps. */
  const barAt = async (): Promise<number> => {
    const { body } = await api.call<SeriesDto>('GET', `/stats/series?${range}&points=90`);
    const refused = body.points.find(({ values }) => (values['refused'] ?? 0) > 0);
    const stepOf = (iso: string): number => Math.floor(Date.parse(iso) / body.stepMs);
    const bounds = new URLSearchParams(range);
    const [first, last] = [stepOf(bounds.get('from') ?? ''), stepOf(bounds.get('to') ?? '')];
    return (stepOf(refused?.at ?? '') - first) / (last - first);
  };

  /** Follows what shows a number, and counts the rows that it leads to. */
  const behind = async (link: Locator): Promise<number> => {
    await link.click();
    await page.waitForURL(/\/unauthorized\?/);
    await page.locator('tbody tr').first().waitFor();
    const count = await rows();
    await page.goto(address);
    return count;
  };

  test('each number leads to as many rows as it says', async () => {
    await page.goto(address);
    const clients = main().getByRole('link', { name: /^Clients refused/ });
    await expect.poll(() => clients.innerText()).toMatch(new RegExp(`${String(CLIENTS)}$`));
    const numbers: readonly (readonly [string, Locator, number])[] = [
      ['clients', clients, 6],
      ['new clients', main().getByRole('link', { name: '6 of them new' }), 6],
      ['a new reason', main().getByRole('link', { name: 'Password does not match 4 clients' }).last(), 4],
      ['another', main().getByRole('link', { name: /^No credentials found 2 clients$/ }), 2],
      ['a new network', main().getByRole('link', { name: '127.0.0.0/24 6 clients' }), 6],
      [
        'what began together',
        main().getByRole('link', { name: 'Password does not match 4 clients' }).first(),
        4,
      ],
      ['a family', main().getByRole('link', { name: 'Password 8 · 6 clients' }), 6],
      ['a top reason', main().getByRole('link', { name: /^Password does not match 4$/ }), 4],
      ['an address', main().getByRole('link', { name: '127.0.0.1 6' }), 6],
      ['a username', main().getByRole('link', { name: 'plant 4' }), 4],
      ['a client ID', main().getByRole('link', { name: 'guesser 3' }), 1],
    ];
    for (const [what, link, count] of numbers) {
      expect([what, await behind(link)]).toEqual([what, count]);
    }
    watched.expectClean();
  }, 120_000);

  test('says whether it is getting worse, in words and by a signed number, against the period before', async () => {
    await page.goto(address);
    await main().getByText('Getting worse.').waitFor();
    await main().getByText('8 attempts refused, 0 in the period before.').waitFor();
    expect(await main().getByText('+8 more than in the period before').count()).toBe(1);
    expect(await main().getByText('+6 more than in the period before').count()).toBe(1);
    expect(await main().getByText('+1 more than in the period before').count()).toBe(1);
    // Of nothing there is no share: it is not told as a change of one.
    expect(await main().getByText('nobody came in the period before').count()).toBe(1);
    expect(await main().getByText('as many as in the period before').count()).toBe(1);
  });

  test('a drag over the chart sets the range, and a click on a bar opens the rows of it', async () => {
    await page.goto(address);
    const over = page.locator('.u-over');
    await over.waitFor();
    const box = await over.boundingBox();
    if (box === null) throw new Error('the chart has no box');
    await page.mouse.move(box.x + 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL((url) => url.href !== address && url.searchParams.has('to'));
    await page.goto(address);
    await over.waitFor();
    await page.mouse.click(box.x + (await barAt()) * box.width, box.y + box.height - 3);
    await page.waitForURL(/\/unauthorized\?family=basic/);
    await page.locator('tbody tr').first().waitFor();
    expect(await rows()).toBe(CLIENTS);
    watched.expectClean();
  }, 60_000);

  test('on a wall it has no menu, a clock, and says plainly when the server does not answer, and recovers by itself', async () => {
    await page.goto(`${house.origin}/?wall=1&range=15m`);
    await main()
      .getByText(/^numbers as of \d\d:\d\d:\d\d$/)
      .waitFor();
    expect(await page.getByRole('navigation', { name: 'Menu' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Search or jump to…' }).count()).toBe(0);
    // Larger than on a desk.
    expect(
      await page.evaluate('parseFloat(getComputedStyle(document.documentElement).fontSize)'),
    ).toBeGreaterThan(16);
    house.fail(true);
    const told = main().getByRole('alert').filter({ hasText: 'No answer from the server.' });
    await told.waitFor({ timeout: 45_000 });
    expect(await told.innerText()).toMatch(/These numbers are from \d\d:\d\d:\d\d/);
    house.fail(false);
    await told.waitFor({ state: 'detached', timeout: 45_000 });
    await page.getByRole('link', { name: 'Leave wall mode' }).click();
    await page.getByRole('navigation', { name: 'Menu' }).waitFor();
  }, 120_000);
});
