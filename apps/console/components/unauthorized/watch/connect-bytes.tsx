'use client';

import { useState } from 'react';
import { CopyButton } from '@/components/ui/copy';
import { useFormat, useText } from '@/lib/i18n';
import { spacedHex } from '@/lib/unauthorized/watched';

interface ConnectBytesProps {
  readonly hex: string;
  /** How long the packet was; the server keeps its beginning. */
  readonly bytes: number;
}

/** The CONNECT as it came, secrets masked by the server; drawn only while it is open. */
export function ConnectBytes({ hex, bytes }: ConnectBytesProps) {
  const { formatNumber } = useFormat();
  const t = useText('unauthorized');
  const [open, setOpen] = useState(false);
  const kept = hex.length / 2;
  const label =
    kept < bytes
      ? t('watch.connectCut', { kept: formatNumber(kept), bytes: formatNumber(bytes) })
      : t('watch.connect', { bytes: formatNumber(bytes) });
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="min-h-6 cursor-pointer text-xs text-accent hover:underline">{label}</summary>
      {open && (
        <div className="mt-1 flex items-start gap-1 rounded-md border border-line bg-sunken">
          <code
            role="group"
            aria-label={label}
            tabIndex={0}
            className="mono max-h-40 min-w-0 flex-1 overflow-y-auto p-2 text-xs leading-relaxed break-words"
          >
            {spacedHex(hex)}
          </code>
          <CopyButton text={hex} label={t('watch.copy')} className="mt-0.5 me-0.5" />
        </div>
      )}
    </details>
  );
}
