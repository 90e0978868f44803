'use client';

import type { CredentialDto } from '@gatehouse/contract';
import { CircleCheck, CirclePause, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { SelectionBar } from '@/components/ui/selection-bar';
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
    <SelectionBar count={rows.length} onClear={onClear}>
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
      {deleting && (
        <DeleteCredentials targets={rows} onClose={() => setDeleting(false)} onDeleted={onClear} />
      )}
    </SelectionBar>
  );
}
