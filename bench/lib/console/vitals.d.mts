import type { BrowserContext, Page } from 'playwright-core';

interface Vitals {
  readonly fcpMs: number;
  readonly lcpMs: number;
  readonly lcpElement: string;
  readonly cls: number;
  /** End of the last long task before the page came to rest. */
  readonly usableMs: number;
}

interface Interaction {
  readonly name: string;
  readonly ms: number;
  readonly event: string | null;
  readonly waitedMs: number;
  readonly handledMs: number;
}

export function collectVitals(context: BrowserContext): Promise<unknown>;
export function visit<Used>(
  context: BrowserContext,
  url: string,
  use: (page: Page) => Promise<Used>,
): Promise<Vitals & { readonly used: Used }>;
export function interactionsOf(
  page: Page,
  deeds: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<Interaction[]>;
