import type { Page } from 'playwright-core';

export function tableDeeds(page: Page): Readonly<Record<string, () => Promise<unknown>>>;
