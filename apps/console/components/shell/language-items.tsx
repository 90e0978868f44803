'use client';

import { MenuCheck, MenuLabel, MenuSeparator } from '@/components/ui/menu';
import { changeLocale } from '@/lib/change-locale';
import { useLanguage, useText } from '@/lib/i18n';
import { LOCALE_NAMES, LOCALES } from '@/lib/locale';
import { ZONE_CHOICES } from '@/lib/zone';

/** The languages there are, each by its own name, and whose clock absolute times are told by. Loaded with the open menu. */
export function LanguageItems() {
  const t = useText('shell');
  const { locale, zone, chooseZone } = useLanguage();
  return (
    <>
      <MenuLabel>{t('language')}</MenuLabel>
      {LOCALES.map((each) => (
        <MenuCheck key={each} checked={each === locale} onChange={() => changeLocale(each)}>
          <span lang={each} translate="no">
            {LOCALE_NAMES[each]}
          </span>
        </MenuCheck>
      ))}
      <MenuSeparator />
      <MenuLabel>{t('zone.label')}</MenuLabel>
      {ZONE_CHOICES.map((each) => (
        <MenuCheck key={each} checked={each === zone.choice} onChange={() => chooseZone(each)}>
          {t(`zone.${each}`)}
        </MenuCheck>
      ))}
    </>
  );
}
