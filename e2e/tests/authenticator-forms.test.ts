import type { AuthenticatorDto, ChainDto } from '@gatehouse/contract';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { FORMS, type FormOfType } from '../support/authenticator-forms.ts';
import { consoleAsOwner, type Watched } from '../support/browser.ts';
import { settled } from '../support/settled.ts';
import { startServer, type Server } from '../support/server.ts';

/** How long one thing may take to show: what does not come is not waited for by all that follows. */
const STEP_MS = 10_000;
const CHAIN = 'Authenticators of the chain default, in order';

/** Each type by its own form, as a person fills it; what the server then holds is what was written. */
describe('the form of each type of authenticator', () => {
  let server: Server;
  let api: Api;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let list: string;

  const drawer = (): Locator => page.getByRole('dialog').first();
  const stored = (name: string): Promise<AuthenticatorDto> => api.ok('GET', `/authenticators/${name}`);
  const steps = async (): Promise<ChainDto['steps']> =>
    (await api.ok<ChainDto>('GET', '/chains/default')).steps;
  const press = (name: string, within: Page | Locator = page): Promise<void> =>
    within.getByRole('button', { name, exact: true }).click();
  const shownSteps = async (): Promise<(string | null)[]> => {
    const rows = await page.getByRole('list', { name: CHAIN }).locator('li[data-step]').all();
    return await Promise.all(rows.map((row) => row.getAttribute('data-step')));
  };

  /** Whatever kind of field it is; what is folded is unfolded first, as a person has to. */
  async function write(within: Page | Locator, label: string, value: string | boolean): Promise<void> {
    const fieldIn = (root: Page | Locator): Locator =>
      typeof value === 'boolean'
        ? root.getByRole('checkbox', { name: new RegExp(`^${label}`), includeHidden: true })
        : root.getByLabel(label, { exact: true });
    const field = fieldIn(within);
    await field.waitFor({ state: 'attached' });
    // What a filter `has` is looked for from where it filters.
    const folded = within.locator('details:not([open])').filter({ has: fieldIn(page) });
    if ((await folded.count()) > 0) await folded.locator('summary').first().click();
    if (typeof value === 'boolean') return field.setChecked(value);
    const isChoice = (await within.locator('select').and(field).count()) > 0;
    await (isChoice ? field.selectOption({ label: value }) : field.fill(value));
  }

  async function add(name: string, { card, fields, wrong }: FormOfType): Promise<void> {
    await page.getByRole('link', { name: 'Add authenticator' }).click();
    await page
      .getByRole('list', { name: 'Choose where your clients are known.' })
      .getByText(card, { exact: true })
      .click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    for (const [label, value] of fields) await write(page, label, value);
    const [label, value, words, right] = wrong;
    await write(page, label, value);
    await press('Add authenticator');
    const field = page.getByLabel(label, { exact: true });
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
    expect(await saidAt(field)).toContain(words);
    expect((await api.call('GET', `/authenticators/${name}`)).status, 'nothing of it is kept').toBe(404);
    await write(page, label, right);
    await press('Add authenticator');
    await page.waitForURL(/\/authentication$/);
  }

  /** What is written beneath a field, as a screen reader has it. */
  async function saidAt(field: Locator): Promise<string> {
    const ids = (await field.getAttribute('aria-describedby')) ?? '';
    const told = page.locator(
      ids
        .split(' ')
        .map((id) => `[id="${id}"]`)
        .join(', '),
    );
    return (await told.allTextContents()).join(' ');
  }

  beforeAll(async () => {
    server = await startServer({ console: true });
    api = new Api(server);
    ({ browser, watched, page } = await consoleAsOwner(server, { viewport: { width: 1440, height: 1000 } }));
    page.setDefaultTimeout(STEP_MS);
    list = `${new URL(page.url()).origin}/authentication`;
  });
  beforeEach(async () => {
    // Each leaves the page as it found it, unless it failed.
    if (page.url() === list) return;
    await api.ok('PUT', '/chains/default', { steps: ['builtin'] });
    await page.goto(list);
    await settled(page);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  test.each(Object.entries(FORMS))(
    '%s: what is wrong is said at its field, what is written is what is in force, and it is edited, switched, moved and deleted',
    async (type, form) => {
      const name = `own-${type}`;
      await add(name, form);
      const made = await stored(name);
      expect(made).toMatchObject({ name, type, enabled: true, source: 'stored', secrets: form.secrets });
      expect(made.settings).toMatchObject(form.settings);
      for (const secret of form.secrets) expect(made.settings).not.toHaveProperty([secret]);

      await press(`Add ${name} to the chain default`);
      await expect.poll(shownSteps).toEqual(['builtin', name]);
      await press(`Move ${name} up`);
      await expect.poll(steps).toEqual([name, 'builtin']);

      await press(name);
      const [label, value, edited] = form.edit;
      await write(drawer(), label, value);
      await press('Save', drawer());
      await expect
        .poll(async () => (await stored(name)).settings)
        .toMatchObject({ ...form.settings, ...edited });
      expect((await stored(name)).secrets, 'untouched they stay').toEqual(form.secrets);
      await press('Close', drawer());

      const asked = page.getByRole('switch', { name: `${name} is asked` });
      await asked.click();
      await expect.poll(async () => (await stored(name)).enabled).toBe(false);
      await asked.click();
      await expect.poll(async () => (await stored(name)).enabled).toBe(true);

      await press(`Take ${name} out of the chain`);
      await page.getByRole('button', { name: `Add ${name} to the chain default` }).waitFor();
      expect(await steps()).toEqual(['builtin']);
      await press(name);
      await press('Delete', drawer());
      await press('Delete', page.getByRole('dialog', { name: `Delete ${name}?` }));
      await expect.poll(async () => (await api.call('GET', `/authenticators/${name}`)).status).toBe(404);
      await page.getByRole('switch', { name: `${name} is asked` }).waitFor({ state: 'detached' });
      watched.expectClean();
    },
  );
});
