'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import { CodeBlock } from '@/components/ui/copy';
import { useText } from '@/lib/i18n';

/** Characters that would not be seen are escaped, as JSON allows; what is copied says the same. */
const UNSEEN = /[\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb]/g;

const escapeUnseen = (json: string): string =>
  json.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Everything the API says of this row, to take along. */
export function RawJson({ value }: { readonly value: UnauthorizedClientDetailDto }) {
  const t = useText('unauthorized');
  return (
    <details>
      <summary className="min-h-6 text-sm text-accent hover:underline">{t('drawer.raw')}</summary>
      <CodeBlock
        code={escapeUnseen(JSON.stringify(value, null, 2))}
        label={t('drawer.raw')}
        className="mt-2 [&_pre]:max-h-96"
      />
    </details>
  );
}
