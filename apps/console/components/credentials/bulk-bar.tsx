'use client';

import type { CredentialDto } from '@gatehouse/contract';
import { CircleCheck, CirclePause, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { useText } from '@/lib/i18n';
import { DeleteCredentials } from './delete-credentials';
import { useCredentialActions } from './use-credential-actions';

interface BulkBarProps {
  readonly rows: readonly CredentialDto[];
  readonly onClear: () => void;
}

/** What can be done with everything selected; one request each. */
export function BulkBar({ rows, onClear }: BulkBarProps) {
  const t = useText('credentials');
  const common = useText('common');
  const [deleting, setDeleting] = useState(false);
  const { setEnabled } = useCredentialActions();
  const ids = rows.map((row) => row.id);
  return (
    <div className="sticky bottom-4 z-20 flex self-start max-w-full flex-wrap items-center gap-2 rounded-lg border border-line-strong bg-raised px-3 py-2 shadow-pop">
      <span className="nums mr-2 text-sm">{common('selected', { count: rows.length })}</span>
      <Button
        size="sm"
        icon={<CircleCheck aria-hidden className="size-4" />}
        onClick={() => setEnabled.mutate({ ids, enabled: true })}
      >
        {t('bulk.enable')}
      </Button>
      <Button
        size="sm"
        icon={<CirclePause aria-hidden className="size-4" />}
        onClick={() => setEnabled.mutate({ ids, enabled: false })}
      >
        {t('bulk.disable')}
      </Button>
      <Button
        size="sm"
        tone="danger"
        icon={<Trash2 aria-hidden className="size-4" />}
        onClick={() => setDeleting(true)}
      >
        {common('delete')}
      </Button>
      <IconButton label={t('bulk.clear')} onClick={onClear}>
        <X aria-hidden />
      </IconButton>
      {deleting && (
        <DeleteCredentials targets={rows} onClose={() => setDeleting(false)} onDeleted={onClear} />
      )}
    </div>
  );
}
