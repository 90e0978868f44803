'use client';

import type { ReactNode } from 'react';
import { IntlProvider, useTranslations } from 'use-intl';
import { LOCALE } from './locale';

export interface MessageTree {
  readonly [key: string]: string | MessageTree;
}

/** Text by key. A missing key shows its own name rather than breaking the page. */
export function I18nProvider({
  messages,
  children,
}: {
  readonly messages: MessageTree;
  readonly children: ReactNode;
}) {
  return (
    <IntlProvider locale={LOCALE} messages={messages} onError={ignoreMissing} getMessageFallback={nameOfKey}>
      {children}
    </IntlProvider>
  );
}

const ignoreMissing = (): void => undefined;
const nameOfKey = ({ key, namespace }: { key: string; namespace?: string }): string =>
  namespace === undefined ? key : `${namespace}.${key}`;

/** `t('key', values)` of one area (a file in `messages/en`). */
export const useText = (area: string) => useTranslations(area);
export type Text = ReturnType<typeof useText>;
