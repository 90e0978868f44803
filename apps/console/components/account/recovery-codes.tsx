'use client';

import { Download } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy';
import { useText } from '@/lib/i18n';
import { save } from '@/lib/save-file';

/** The codes that stand in for the app, shown this once. */
export function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  const t = useText('account');
  const text = codes.join('\n');
  return (
    <div className="flex flex-col gap-3">
      <p>{t('codes.text')}</p>
      <ol
        aria-label={t('codes.title')}
        className="mono grid gap-x-6 gap-y-1 rounded-md border border-line bg-sunken p-3 text-sm select-all sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex items-center gap-2">
        <Button
          size="sm"
          icon={<Download aria-hidden className="size-4" />}
          onClick={() => save('gatehouse-recovery-codes.txt', `${text}\n`)}
        >
          {t('codes.download')}
        </Button>
        <CopyButton text={text} label={t('codes.copy')} />
      </div>
    </div>
  );
}
