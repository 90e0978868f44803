/** Languages of the console; each has its folder in `messages`. The first is spoken when nothing else fits. */
export const LOCALES = ['en', 'de'] as const;
/**
 * Made out of English for tests, never offered to people: `en-XA` is accented, longer and in brackets, so that what is
 * written by hand stands out; `ar-XB` is the same from right to left.
 */
export const TEST_LOCALES = ['en-XA', 'ar-XB'] as const;

export type Locale = (typeof LOCALES)[number];
export type ShownLocale = Locale | (typeof TEST_LOCALES)[number];

/** What each language calls itself. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = { en: 'English', de: 'Deutsch' };

export const LOCALE_COOKIE = 'gatehouse-locale';
export const directionOf = (locale: ShownLocale): 'ltr' | 'rtl' => (locale === 'ar-XB' ? 'rtl' : 'ltr');

/** Numbers and dates of the test languages are those of English: what is tested is the text. */
export const formatLocaleOf = (locale: ShownLocale): Locale =>
  LOCALES.find((each) => each === locale) ?? 'en';
