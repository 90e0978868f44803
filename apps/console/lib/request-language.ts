import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { chooseLocale } from './choose-locale';
import { LOCALE_COOKIE } from './locale';
import { messagesOf } from './messages';
import { parseZone } from './parse-zone';
import { ownZone, ZONE_COOKIE } from './zone';

/** Language, words and time zone of the request that is being answered. */
export const requestLanguage = cache(async () => {
  const [jar, incoming] = await Promise.all([cookies(), headers()]);
  const locale = chooseLocale({
    cookie: jar.get(LOCALE_COOKIE)?.value,
    acceptLanguage: incoming.get('accept-language'),
    testLocales: process.env['GATEHOUSE_TEST_LOCALES'] === 'on',
  });
  const serverZone = ownZone();
  return {
    locale,
    ...messagesOf(locale),
    serverZone,
    zone: parseZone(jar.get(ZONE_COOKIE)?.value, serverZone),
  };
});
