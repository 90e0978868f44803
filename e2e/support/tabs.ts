import type { BrowserContext } from 'playwright-core';
import { watchedPage, type Watched } from './browser.ts';

/** Tabs side by side: while one waits the other is drawn. More of them only wait for the processor. */
const TABS = 2;

/** Loads pages of a console in a few tabs side by side and looks at each; the answers come in the order of the paths. */
export async function inTabs<T>(
  context: BrowserContext,
  origin: string,
  paths: readonly string[],
  look: (tab: Watched, path: string) => Promise<T>,
): Promise<T[]> {
  const answers: T[] = [];
  const waiting = paths.entries();
  await Promise.all(
    Array.from({ length: Math.min(TABS, paths.length) }, async () => {
      const tab = await watchedPage(context, origin);
      for (const [index, path] of waiting) {
        await tab.page.goto(`${origin}${path}`);
        answers[index] = await look(tab, path);
      }
      await tab.page.close();
    }),
  );
  return answers;
}
