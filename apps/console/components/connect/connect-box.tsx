'use client';

import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { Segments } from '@/components/ui/segments';
import { apiUrl } from '@/lib/api';
import { useText } from '@/lib/i18n';
import { CA_FILE, type Target } from '@/lib/connect/targets';
import type { Connect } from '@/lib/connect/use-connect';

interface ConnectBoxProps {
  readonly connect: Connect;
  /** The commands for the target that is chosen. */
  readonly children: (target: Target) => ReactNode;
}

/** Commands with the choice between plain and TLS above them, where there is one, and what TLS needs below. */
export function ConnectBox({ connect: { targets, target, choose }, children }: ConnectBoxProps) {
  const t = useText('common');
  return (
    <div className="flex min-w-0 flex-col gap-2 text-start">
      {targets.length > 1 && (
        <div className="w-44">
          <Segments
            label={t('connect.label')}
            value={target.security}
            options={targets.map(({ security, port }) => ({
              value: security,
              label: t(security === 'plain' ? 'connect.plain' : 'connect.tls'),
              note: port,
            }))}
            onChange={choose}
          />
        </div>
      )}
      {children(target)}
      <TrustNote target={target} />
    </div>
  );
}

/** How the client comes to trust the server's certificate. */
function TrustNote({ target: { security } }: { readonly target: Target }) {
  const t = useText('common');
  switch (security) {
    case 'plain':
      return null;
    case 'tls':
      return <p className="text-xs text-muted">{t('connect.foreignCa')}</p>;
    case 'ownCa':
      return (
        <p className="text-xs text-muted">
          {t('connect.ownCa', { file: CA_FILE })}{' '}
          <a
            href={apiUrl('/certificates/ca.crt')}
            download={CA_FILE}
            className="whitespace-nowrap text-accent hover:underline"
          >
            <Download aria-hidden className="me-1 inline size-3.5 align-text-bottom" />
            {t('connect.downloadCa')}
          </a>
        </p>
      );
  }
}
