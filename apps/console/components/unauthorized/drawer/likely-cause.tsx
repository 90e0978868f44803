'use client';

import type { UnauthorizedClientDetailDto } from '@gatehouse/contract';
import Link from 'next/link';
import { useText } from '@/lib/i18n';
import { useMay } from '@/lib/session';
import { certificateLink, credentialLink } from '@/lib/unauthorized/fixes';
import { Section } from './section';
import { StatementLine } from './statement-line';

/** Statements about an entry of the certificates’ register. */
const REGISTERED: ReadonlySet<string> = new Set(['certificate-revoked', 'certificate-renewed']);

/** What is known and what is concluded, told apart by icon and word. */
export function LikelyCause({ row }: { readonly row: UnauthorizedClientDetailDto }) {
  const t = useText('unauthorized');
  const mayAudit = useMay('audit:read');
  const mayCredentials = useMay('credentials:read');
  const mayCertificates = useMay('certificates:read');
  return (
    <Section title={t('drawer.cause')}>
      <ul className="flex flex-col gap-1.5">
        {row.likelyCause.map((statement, index) => (
          <StatementLine key={`${statement.key} ${index}`} statement={statement}>
            {REGISTERED.has(statement.key) && mayCertificates && (
              <>
                {' '}
                <Link
                  href={certificateLink(String(statement.values['serial']))}
                  className="text-accent underline"
                >
                  {t('drawer.register')}
                </Link>
              </>
            )}
            {typeof statement.values['credentialId'] === 'string' && mayCredentials && (
              <>
                {' '}
                <Link
                  href={credentialLink(statement.values['credentialId'])}
                  className="text-accent underline"
                >
                  {t('drawer.credential')}
                </Link>
              </>
            )}
            {statement.key === 'preceded-by' && row.precededBy !== null && mayAudit && (
              <>
                {' '}
                <Link
                  href={`/audit?open=${encodeURIComponent(row.precededBy.id)}`}
                  className="text-accent underline"
                >
                  {t('drawer.audit')}
                </Link>
              </>
            )}
          </StatementLine>
        ))}
      </ul>
    </Section>
  );
}
