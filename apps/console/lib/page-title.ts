import type { Metadata } from 'next';
import { createTranslator } from 'use-intl/core';
import { formatLocaleOf } from './locale';
import type { Messages } from './messages';
import { requestLanguage } from './request-language';

/** `generateMetadata` of a page of the console, titled by the shell's names of pages. */
export const pageTitle =
  (key: keyof Messages['consoleMessages']['shell']['nav']) => async (): Promise<Metadata> => ({
    title: (await requestLanguage()).consoleMessages.shell.nav[key],
  });

/** Text of the pages before the sign-in, for the server. */
export async function authText() {
  const { locale, authMessages } = await requestLanguage();
  return createTranslator({ locale: formatLocaleOf(locale), messages: authMessages, namespace: 'auth' });
}
