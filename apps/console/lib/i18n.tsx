'use client';

import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { IntlProvider, useTranslations } from 'use-intl';
import { createFormat, type Format } from './format';
import { formatLocaleOf, type ShownLocale } from './locale';
import { remember } from './remember';
import { ownZone, ZONE_COOKIE, zoneCookieValue, type Zone, type ZoneChoice } from './zone';

export interface MessageTree {
  readonly [key: string]: string | MessageTree;
}

interface Language {
  readonly locale: ShownLocale;
  readonly zone: Zone;
  readonly format: Format;
  readonly chooseZone: (choice: ZoneChoice) => void;
}

const LanguageContext = createContext<Language | null>(null);

export interface I18nProviderProps {
  readonly locale: ShownLocale;
  /** The words of the frame as JSON: one string crosses from the server in one piece, a tree of thousands key by key. */
  readonly messages: string;
  /** What the cookie said, so that the first paint in the browser says the same as the server's. */
  readonly zone: Zone;
  /** IANA name of the server's own zone. */
  readonly serverZone: string;
  readonly children: ReactNode;
}

/** Text by key, numbers and times of one language and zone. A missing key shows its own name rather than breaking the page. */
export function I18nProvider({ locale, messages: json, zone, serverZone, children }: I18nProviderProps) {
  const [shown, setShown] = useState(zone);
  const messages = useMemo(() => JSON.parse(json) as MessageTree, [json]);
  const justNow = justNowOf(messages);
  useEffect(() => {
    if (shown.choice !== 'browser' || shown.name === ownZone()) return;
    const own: Zone = { choice: 'browser', name: ownZone() };
    remember(ZONE_COOKIE, zoneCookieValue(own));
    setShown(own);
  }, [shown]);
  const language = useMemo<Language>(
    () => ({
      locale,
      zone: shown,
      format: createFormat({ locale: formatLocaleOf(locale), zone: shown, justNow }),
      chooseZone: (choice) => {
        const name = choice === 'utc' ? 'UTC' : choice === 'server' ? serverZone : ownZone();
        remember(ZONE_COOKIE, zoneCookieValue({ choice, name }));
        setShown({ choice, name });
      },
    }),
    [locale, shown, serverZone, justNow],
  );
  return (
    <LanguageContext value={language}>
      <Words messages={messages}>{children}</Words>
    </LanguageContext>
  );
}

const WordsContext = createContext<MessageTree>({});

/** The words that its page has beyond those around it. */
export function MoreWords({ messages: json, children }: Pick<I18nProviderProps, 'messages' | 'children'>) {
  const around = use(WordsContext);
  const messages = useMemo(() => ({ ...around, ...(JSON.parse(json) as MessageTree) }), [around, json]);
  return <Words messages={messages}>{children}</Words>;
}

function Words({ messages, children }: { readonly messages: MessageTree; readonly children: ReactNode }) {
  const { locale, zone } = useLanguage();
  return (
    <WordsContext value={messages}>
      <IntlProvider
        locale={formatLocaleOf(locale)}
        timeZone={zone.name}
        messages={messages}
        onError={ignoreMissing}
        getMessageFallback={nameOfKey}
      >
        {children}
      </IntlProvider>
    </WordsContext>
  );
}

const justNowOf = ({ common }: MessageTree): string =>
  typeof common === 'object' && typeof common['justNow'] === 'string' ? common['justNow'] : '';

const ignoreMissing = (): void => undefined;
const nameOfKey = ({ key, namespace }: { key: string; namespace?: string }): string =>
  namespace === undefined ? key : `${namespace}.${key}`;

/** `t('key', values)` of one area (a file in `messages/<language>`). */
export const useText = (area: string) => useTranslations(area);
export type Text = ReturnType<typeof useText>;

/** Language and zone of the page, and how to choose another zone. */
export function useLanguage(): Language {
  const language = use(LanguageContext);
  if (language === null) throw new Error('useLanguage outside of I18nProvider');
  return language;
}

/** `formatNumber`, `formatAbsolute` and the like, in the page's language and time zone. */
export const useFormat = (): Format => useLanguage().format;
