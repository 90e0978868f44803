import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/** The rules whose outcome a theme changes: it brings other colours to the same elements. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** Fails when the page breaks a rule of WCAG 2.2 AA, in either theme, as it stands at `url`. */
export async function expectAxeClean(page: Page, url: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await expectAxeCleanNow(page);
  const light = await background(page);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expect.poll(() => background(page)).not.toBe(light);
  await page.evaluate(COLOURS_ARE_SETTLED);
  await expectNoViolations(axe(page).withRules(RULES_OF_COLOUR));
}

/** The same of what is open now, in the theme that it has or was just given. */
export async function expectAxeCleanNow(page: Page): Promise<void> {
  await page.evaluate(COLOURS_ARE_SETTLED);
  await expectNoViolations(axe(page).withTags(WCAG));
}

/**
 * What fades from one theme's colour to the other's has neither on its way; what moves for ever is no fading. A new theme
 * is told to the page with a frame, and what fades begins with the next.
 */
const COLOURS_ARE_SETTLED = `new Promise((shown) => {
  requestAnimationFrame(() => requestAnimationFrame(shown));
}).then(() => Promise.allSettled(
  document.getAnimations()
    .filter((animation) => animation.effect?.getTiming().iterations !== Infinity)
    .map((animation) => animation.finished),
))`;

const background = (page: Page): Promise<string> =>
  page.evaluate<string>('getComputedStyle(document.body).backgroundColor');

/**
 * axe within the page itself: else it is loaded once more into a blank one to put together what frames of other origins
 * say, of which the console has none. Of what is right nothing is written down: that takes longer than to look.
 */
const axe = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });

async function expectNoViolations(builder: AxeBuilder): Promise<void> {
  const { violations } = await builder.analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))).toEqual(
    [],
  );
}
