'use client';

import type { ClientSessionDto } from '@gatehouse/contract';
import Link from 'next/link';
import { ClientText } from '@/components/ui/client-text';
import { useText } from '@/lib/i18n';

interface CredentialLinkProps {
  readonly client: Pick<ClientSessionDto, 'credentialId' | 'credentialName' | 'anonymous'>;
}

/** What let a client in; one that is gone goes by its ID. */
export function CredentialLink({ client }: CredentialLinkProps) {
  const t = useText('clients');
  const { credentialId, credentialName, anonymous } = client;
  if (credentialId === null)
    return anonymous ? <span className="text-muted">{t('anonymous')}</span> : <span>—</span>;
  return (
    <Link
      href={`/credentials?open=${encodeURIComponent(credentialId)}`}
      className="flex min-h-6 items-center text-accent hover:underline"
    >
      <ClientText text={credentialName ?? credentialId} />
    </Link>
  );
}
