import { createTranslator } from 'use-intl/core';
import { LOCALE } from './locale';
import { authMessages, consoleMessages } from './messages';

/** Title of a page of the console, from the shell's names of pages. */
export const pageTitle = (key: keyof (typeof consoleMessages)['shell']['nav']): string =>
  createTranslator({ locale: LOCALE, messages: consoleMessages, namespace: 'shell.nav' })(key);

/** Text of the pages before the sign-in, for the server. */
export const authText = createTranslator({ locale: LOCALE, messages: authMessages, namespace: 'auth' });
