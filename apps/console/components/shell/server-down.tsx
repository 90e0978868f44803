import { createTranslator } from 'use-intl/core';
import { formatLocaleOf } from '@/lib/locale';
import { requestLanguage } from '@/lib/request-language';

/** Shown when the console runs and the management API does not. A plain link reloads; no script is needed. */
export async function ServerDown() {
  const { locale, consoleMessages } = await requestLanguage();
  const t = createTranslator({
    locale: formatLocaleOf(locale),
    messages: consoleMessages,
    namespace: 'shell',
  });
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
