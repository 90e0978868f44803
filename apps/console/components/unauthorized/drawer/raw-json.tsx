'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { CodeBlock } from '@/components/ui/copy';
import { useText } from '@/lib/i18n';
import { visibleJson } from '@/lib/visible-json';

/** Everything the API says of this row, to take along. */
export function RawJson({ value }: { readonly value: UnauthorizedClientDetailDto }) {
  const t = useText('unauthorized');
  return (
    <details>
      <summary className="min-h-6 text-sm text-accent hover:underline">{t('drawer.raw')}</summary>
      <CodeBlock code={visibleJson(value)} label={t('drawer.raw')} className="mt-2 [&_pre]:max-h-96" />
    </details>
  );
}
