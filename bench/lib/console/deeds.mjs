// What a person does on the page of refused clients, one interaction after the other.

const SEARCHED = 'plant-77';
/** Keys of somebody who types well. */
const KEY_EVERY_MS = 60;
/** Searches begin when nothing was typed for a while. */
const SEARCH_BEGINS_MS = 800;

/**
 * What is asked for by role is looked for before the clock runs: Playwright's search through the page, and the checks that its
 * `click()` makes, cost more of a slowed-down processor than what is measured.
 */
async function clickAt(page, locator) {
  const { x, y, width, height } = await locator.boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
}

export function tableDeeds(page) {
  const row = (index) => page.locator('tbody tr[data-row]').nth(index);
  const facet = page.locator('aside[aria-label] input[type=checkbox]').first();
  const opened = () => page.waitForSelector('dialog[open]');
  const header = (index) => page.locator('thead th button').nth(index);
  const button = (name) => page.getByRole('button', { name, exact: true });
  const leave = async () => {
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog[open]', { state: 'detached' });
  };
  const down = async () => {
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
  };
  return {
    'open a row': async () => {
      await clickAt(page, row(0));
      await opened();
    },
    'next row, three times': down,
    'leave the row': leave,
    'open another row': async () => {
      await clickAt(page, row(5));
      await opened();
    },
    'leave it': leave,
    'arrow in the table, three times': down,
    'select a row': () => clickAt(page, row(2).locator('input')),
    'select another': () => clickAt(page, row(4).locator('input')),
    'select none': () => clickAt(page, button('Clear')),
    'sort by client ID': () => clickAt(page, header(1)),
    'sort by the last attempt': () => clickAt(page, header(0)),
    'choose a facet': () => clickAt(page, facet),
    'choose it no longer': () => clickAt(page, facet),
    'add a filter': () => clickAt(page, button('Name or address…')),
    'add none': () => clickAt(page, button('Name or address…')),
    'open the ranges': () => clickAt(page, page.getByRole('button', { name: /^Time range/ })),
    'leave the ranges': () => page.keyboard.press('Escape'),
    'open the palette': async () => {
      await page.keyboard.press('Control+k');
      await opened();
    },
    'type into the palette': () => page.keyboard.type('cred', { delay: KEY_EVERY_MS }),
    'leave the palette': leave,
    'go to the search': () => page.keyboard.press('/'),
    'type a search': async () => {
      await page.keyboard.type(SEARCHED, { delay: KEY_EVERY_MS });
      await page.waitForTimeout(SEARCH_BEGINS_MS);
    },
    'clear the search': async () => {
      await page.keyboard.press('Escape');
      await page.waitForTimeout(SEARCH_BEGINS_MS);
    },
  };
}
