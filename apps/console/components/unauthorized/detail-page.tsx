'use client';

import { ArrowLeft, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button, buttonClass } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { Page, PageHeader } from '@/components/ui/page';
import { Forbidden } from '@/components/ui/states';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { useDeletion } from '@/lib/unauthorized/use-deletion';
import { Detail } from './drawer/detail';
import { DrawerTitle } from './drawer/drawer-title';
import { WatchProvider } from './watch/watch-provider';

/** One refused client, at length. */
export function DetailPage({ id }: { readonly id: string }) {
  const t = useText('unauthorized');
  const mayRead = useMay('unauthorized:read');
  if (!mayRead) return <Forbidden />;
  return (
    <Page>
      <PageHeader
        title={<DrawerTitle id={id} row={undefined} />}
        description={t('detail.subtitle')}
        guide="unauthorized"
        actions={
          <>
            <Link href="/unauthorized" className={buttonClass()}>
              <ArrowLeft aria-hidden className="size-4" />
              {t('detail.back')}
            </Link>
            <DeleteButton id={id} />
          </>
        }
      />
      <div className="card p-5">
        <WatchProvider>
          <Detail id={id} wide />
        </WatchProvider>
      </div>
    </Page>
  );
}

function DeleteButton({ id }: { readonly id: string }) {
  const t = useText('unauthorized');
  const router = useRouter();
  const { run, busy } = useDeletion();
  const [asking, setAsking] = useState(false);
  const confirm = async (): Promise<void> => {
    if (await run({ kind: 'one', id, clientId: null })) router.push('/unauthorized');
  };
  if (!useMay('unauthorized:delete')) return null;
  return (
    <>
      <Button tone="danger" icon={<Trash2 aria-hidden className="size-4" />} onClick={() => setAsking(true)}>
        {t('row.delete')}
      </Button>
      <Confirm
        open={asking}
        title={t('delete.title.one')}
        confirmLabel={t('delete.yes')}
        cancelLabel={t('delete.no')}
        busy={busy}
        onConfirm={() => void confirm()}
        onClose={() => setAsking(false)}
      >
        <p className="text-muted">{t('delete.text.one')}</p>
      </Confirm>
    </>
  );
}
