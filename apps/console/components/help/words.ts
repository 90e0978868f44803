import { createTranslator } from 'use-intl/core';
import { formatLocaleOf } from '@/lib/locale';
import { requestLanguage } from '@/lib/request-language';

/** Words of the guides' pages, for the server, and whether the reader's language is the guides' own. */
export async function helpWords() {
  const { locale, consoleMessages } = await requestLanguage();
  const t = createTranslator({
    locale: formatLocaleOf(locale),
    messages: consoleMessages,
    namespace: 'help',
  });
  return { t, isForeign: locale !== GUIDES_LANGUAGE };
}

/** The language that the repository's guides are written in. */
export const GUIDES_LANGUAGE = 'en';
