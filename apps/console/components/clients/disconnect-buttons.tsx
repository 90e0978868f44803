'use client';

import { Trash2, Unplug } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { useText } from '@/lib/i18n';
import { DisconnectDialog, type Fate } from './disconnect-dialog';

interface DisconnectButtonsProps {
  readonly clientIds: readonly string[];
  /** Whether any of them has a connection to close. */
  readonly online: boolean;
  readonly onDone: (session: Fate) => void;
}

/** The two things that can be done to sessions, for one and for many. */
export function DisconnectButtons({ clientIds, online, onDone }: DisconnectButtonsProps) {
  const t = useText('clients');
  const [asked, setAsked] = useState<Fate | null>(null);
  return (
    <>
      <Button
        size="sm"
        disabled={!online}
        icon={<Unplug aria-hidden className="size-4" />}
        onClick={() => setAsked('keep')}
      >
        {t('disconnect.action')}
      </Button>
      <Button
        size="sm"
        tone="danger"
        icon={<Trash2 aria-hidden className="size-4" />}
        onClick={() => setAsked('end')}
      >
        {t('end.action')}
      </Button>
      {asked !== null && (
        <DisconnectDialog
          clientIds={clientIds}
          session={asked}
          onClose={() => setAsked(null)}
          onDone={() => onDone(asked)}
        />
      )}
    </>
  );
}
