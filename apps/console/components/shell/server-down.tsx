import { createTranslator } from 'use-intl/core';
import { LOCALE } from '@/lib/locale';
import { consoleMessages } from '@/lib/messages';

/** Shown when the console runs and the management API does not. A plain link reloads; no script is needed. */
export function ServerDown() {
  const t = createTranslator({ locale: LOCALE, messages: consoleMessages, namespace: 'shell' });
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-3 p-6">
      <h1 className="text-xl font-semibold">{t('down.title')}</h1>
      <p className="text-muted">{t('down.text')}</p>
      <p>
        <a href="" className="font-medium text-accent underline">
          {t('down.retry')}
        </a>
      </p>
    </main>
  );
}
