'use client';

import { ClientText } from '@/components/ui/client-text';
import { useText } from '@/lib/i18n';

interface ClientIdProps {
  /** Null: the peer never got as far as CONNECT. */
  readonly clientId: string | null;
  readonly truncated?: boolean;
  readonly expandable?: boolean;
  readonly className?: string;
}

/** What the client calls itself; those who said nothing have a name too. */
export function ClientId({ clientId, truncated = false, expandable = false, className = '' }: ClientIdProps) {
  const t = useText('unauthorized');
  if (clientId === null) return <span className="text-faint italic">{t('noConnect')}</span>;
  return <ClientText text={clientId} truncated={truncated} expandable={expandable} className={className} />;
}
