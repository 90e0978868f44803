'use client';

import { changeLocale } from '@/lib/change-locale';
import { LOCALE_NAMES, LOCALES, type ShownLocale } from '@/lib/locale';

/** The languages there are, below the form of the pages before the sign-in. */
export const LanguageLinks = ({
  locale,
  label,
}: {
  readonly locale: ShownLocale;
  readonly label: string;
}) => (
  <nav aria-label={label} className="flex gap-4 text-sm">
    {LOCALES.map((each) => (
      <button
        key={each}
        type="button"
        lang={each}
        translate="no"
        aria-current={each === locale ? 'true' : undefined}
        onClick={() => changeLocale(each)}
        className="min-h-6 text-muted hover:text-fg hover:underline aria-[current]:font-medium aria-[current]:text-fg"
      >
        {LOCALE_NAMES[each]}
      </button>
    ))}
  </nav>
);
