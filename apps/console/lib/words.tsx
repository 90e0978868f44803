import type { ReactNode } from 'react';
import type { Area } from './areas';
import { MoreWords } from './i18n';
import { requestLanguage } from './request-language';

/** The words of some areas in the language of the request, as JSON. */
export async function wordsOf(areas: readonly Area[]): Promise<string> {
  const { consoleMessages } = await requestLanguage();
  return JSON.stringify(Object.fromEntries(areas.map((area) => [area, consoleMessages[area]])));
}

/** Brings what is within the words of some areas: a page carries its own, and not those of all others. */
export async function Words({
  areas,
  children,
}: {
  readonly areas: readonly Area[];
  readonly children: ReactNode;
}) {
  return <MoreWords messages={await wordsOf(areas)}>{children}</MoreWords>;
}

/**
 * The layout of pages that show these areas, beside those of the frame; a test holds it to what their code names.
 * @example export default withWords('access', 'authentication');
 */
export const withWords = (...areas: readonly Area[]) =>
  function PageWords({ children }: { readonly children: ReactNode }) {
    return <Words areas={areas}>{children}</Words>;
  };
