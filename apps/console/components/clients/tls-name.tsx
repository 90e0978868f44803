'use client';

import type { ClientSessionDto } from '@gatehouse/contract';
import { useText } from '@/lib/i18n';

interface TlsProps {
  readonly client: Pick<ClientSessionDto, 'tls' | 'tlsVersion' | 'tlsCipher'>;
}

/** OpenSSL writes `TLSv1.3`. */
const OPENSSL_PREFIX = 'TLSv';

/** The TLS version and cipher as people write them. */
export function TlsName({ client: { tls, tlsVersion, tlsCipher } }: TlsProps) {
  const t = useText('clients');
  if (tls === null) return '—';
  if (!tls) return t('plain');
  return (
    <>
      {tlsVersion?.replace(OPENSSL_PREFIX, 'TLS ') ?? t('encrypted')}
      {tlsCipher !== null && <span className="mono"> · {tlsCipher}</span>}
    </>
  );
}

/** The version alone, for a column of that name. */
export function TlsVersion({ client: { tls, tlsVersion } }: TlsProps) {
  const common = useText('common');
  if (tls === null) return '—';
  if (!tls) return <span className="text-faint">{common('no')}</span>;
  return <span className="nums">{tlsVersion?.replace(OPENSSL_PREFIX, '') ?? common('yes')}</span>;
}
