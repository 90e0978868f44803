import type { Page } from 'playwright-core';
import { vi } from 'vitest';

/** React keeps the properties of what it has taken over at the element itself, under a key that begins so. */
const TAKEN_OVER = `[...document.querySelectorAll('main :is(button, input, select)')]
  .every((one) => Object.keys(one).some((key) => key.startsWith('__reactProps$')))`;
const TAKEN_OVER_WITHIN_MS = 15_000;

/**
 * Waits until a page of the console shows what it has to show: its scripts have taken over what the server drew, what it asked
 * for has been answered, and nothing stands in for content any more. That nothing is on the network alone does not say so: on a
 * busy machine the scripts begin to ask only after a pause in which nothing was.
 */
export async function settled(tab: Page): Promise<void> {
  await tab.locator('main h1, main h2').first().waitFor();
  await vi.waitUntil(() => tab.evaluate(TAKEN_OVER), { timeout: TAKEN_OVER_WITHIN_MS });
  await tab.waitForLoadState('networkidle');
  await tab.locator('main:not(:has([data-skeleton]))').first().waitFor();
}
