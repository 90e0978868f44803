import { LOCALE_COOKIE, type Locale } from './locale';
import { remember } from './remember';

/** Another language: the server writes the page anew, so that a page only ever holds the words of one. */
export function changeLocale(locale: Locale): void {
  remember(LOCALE_COOKIE, locale);
  window.location.reload();
}
